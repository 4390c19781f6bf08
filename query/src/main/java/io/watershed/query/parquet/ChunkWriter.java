package io.watershed.query.parquet;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.EncodingStats;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.statistics.geospatial.GeospatialStatistics;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.PrimitiveType;

/**
 * The pages of one column chunk, version 1, compressed with zstd, in memory until its row group is
 * written. Not thread-safe.
 */
final class ChunkWriter implements PageWriter {
  private static final int ZSTD_LEVEL = 1;

  private final ColumnDescriptor column;
  private final ByteArrayOutputStream dictionary = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private final Set<Encoding> encodings = EnumSet.noneOf(Encoding.class);
  private final EncodingStats.Builder encodingStats = new EncodingStats.Builder();
  private final Statistics<?> statistics;
  private long values;
  private long uncompressedBytes;

  ChunkWriter(ColumnDescriptor column) {
    this.column = column;
    this.statistics = Statistics.createStats(column.getPrimitiveType());
  }

  @Override
  @Deprecated
  public void writePage(
      BytesInput bytes,
      int valueCount,
      Statistics<?> pageStatistics,
      Encoding repetition,
      Encoding definition,
      Encoding encoding)
      throws IOException {
    PageHeader header = new PageHeader();
    header.setType(PageType.DATA_PAGE);
    header.setData_page_header(
        new DataPageHeader(valueCount, thrift(encoding), thrift(definition), thrift(repetition)));
    append(header, bytes, data);
    encodings.addAll(List.of(repetition, definition, encoding));
    encodingStats.addDataEncoding(encoding);
    statistics.mergeStatistics(pageStatistics);
    values += valueCount;
  }

  @Override
  public void writePage(
      BytesInput bytes,
      int valueCount,
      int rowCount,
      Statistics<?> pageStatistics,
      Encoding repetition,
      Encoding definition,
      Encoding encoding)
      throws IOException {
    writePage(bytes, valueCount, pageStatistics, repetition, definition, encoding);
  }

  @Override
  public void writePage(
      BytesInput bytes,
      int valueCount,
      int rowCount,
      Statistics<?> pageStatistics,
      SizeStatistics sizes,
      GeospatialStatistics places,
      Encoding repetition,
      Encoding definition,
      Encoding encoding)
      throws IOException {
    writePage(bytes, valueCount, pageStatistics, repetition, definition, encoding);
  }

  @Override
  public void writePageV2(
      int rowCount,
      int nullCount,
      int valueCount,
      BytesInput repetition,
      BytesInput definition,
      Encoding encoding,
      BytesInput bytes,
      Statistics<?> pageStatistics) {
    throw new UnsupportedOperationException("pages of version 2");
  }

  @Override
  public void writeDictionaryPage(DictionaryPage page) throws IOException {
    PageHeader header = new PageHeader();
    header.setType(PageType.DICTIONARY_PAGE);
    header.setDictionary_page_header(
        new DictionaryPageHeader(page.getDictionarySize(), thrift(page.getEncoding())));
    append(header, page.getBytes(), dictionary);
    encodings.add(page.getEncoding());
    encodingStats.addDictEncoding(page.getEncoding());
  }

  private void append(PageHeader header, BytesInput bytes, ByteArrayOutputStream to)
      throws IOException {
    ByteArrayOutputStream copy = new ByteArrayOutputStream((int) bytes.size());
    bytes.writeAllTo(copy);
    byte[] page = copy.toByteArray();
    byte[] compressed = Zstd.compress(page, ZSTD_LEVEL);
    header.setUncompressed_page_size(page.length);
    header.setCompressed_page_size(compressed.length);
    int before = to.size();
    Util.writePageHeader(header, to);
    uncompressedBytes += to.size() - before + page.length;
    to.write(compressed);
  }

  private static org.apache.parquet.format.Encoding thrift(Encoding encoding) {
    return org.apache.parquet.format.Encoding.valueOf(encoding.name());
  }

  /**
   * Writes the chunk.
   *
   * @param offset where in the file it begins, in bytes
   */
  ColumnChunkMetaData writeTo(OutputStream out, long offset) throws IOException {
    dictionary.writeTo(out);
    data.writeTo(out);
    PrimitiveType type = column.getPrimitiveType();
    return ColumnChunkMetaData.get(
        ColumnPath.get(column.getPath()),
        type,
        CompressionCodecName.ZSTD,
        encodingStats.build(),
        encodings,
        statistics,
        offset + dictionary.size(),
        dictionary.size() == 0 ? 0 : offset,
        values,
        getMemSize(),
        uncompressedBytes);
  }

  @Override
  public long getMemSize() {
    return (long) dictionary.size() + data.size();
  }

  @Override
  public long allocatedSize() {
    return getMemSize();
  }

  @Override
  public String memUsageString(String prefix) {
    return prefix + " " + getMemSize() + " bytes";
  }
}
