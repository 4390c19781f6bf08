package io.watershed.archive.encode;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/**
 * Reads a whole Parquet file with parquet-java's decoders and record assembly, which are not ours
 * and not DuckDB's; only finding the pages is done here, so that no Hadoop is needed.
 */
public final class ParquetJavaReader {
  private static final ParquetMetadataConverter CONVERTER = new ParquetMetadataConverter();

  private final byte[] file;
  private final ParquetMetadata metadata;

  /** Reads the file's footer. */
  public ParquetJavaReader(Path path) throws IOException {
    file = Files.readAllBytes(path);
    int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - 8);
    byte[] footer = Arrays.copyOfRange(file, file.length - 8 - length, file.length - 8);
    metadata =
        CONVERTER.fromParquetMetadata(Util.readFileMetaData(new ByteArrayInputStream(footer)));
  }

  /** The file's columns. */
  public MessageType schema() {
    return metadata.getFileMetaData().getSchema();
  }

  /** The footer's keys and values. */
  public Map<String, String> keyValues() {
    return metadata.getFileMetaData().getKeyValueMetaData();
  }

  /** Every row, in the file's order. */
  public List<Group> rows() throws IOException {
    List<Group> rows = new ArrayList<>();
    MessageColumnIO columns = new ColumnIOFactory().getColumnIO(schema());
    for (BlockMetaData block : metadata.getBlocks()) {
      RecordReader<Group> reader =
          columns.getRecordReader(pages(block), new GroupRecordConverter(schema()));
      for (long i = 0; i < block.getRowCount(); i++) {
        rows.add(reader.read());
      }
    }
    return rows;
  }

  private PageReadStore pages(BlockMetaData block) throws IOException {
    Map<List<String>, ColumnChunkMetaData> chunks =
        block.getColumns().stream()
            .collect(
                Collectors.toMap(
                    chunk -> Arrays.asList(chunk.getPath().toArray()), chunk -> chunk));
    return new PageReadStore() {
      @Override
      public PageReader getPageReader(ColumnDescriptor column) {
        try {
          return new Pages(file, chunks.get(Arrays.asList(column.getPath())));
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      }

      @Override
      public long getRowCount() {
        return block.getRowCount();
      }
    };
  }

  private static final class Pages implements PageReader {
    private final Deque<DataPage> data = new ArrayDeque<>();
    private final long values;
    private DictionaryPage dictionary;

    Pages(byte[] file, ColumnChunkMetaData chunk) throws IOException {
      values = chunk.getValueCount();
      int start = (int) chunk.getStartingPos();
      ByteArrayInputStream in = new ByteArrayInputStream(file, start, (int) chunk.getTotalSize());
      long found = 0;
      while (found < values) {
        PageHeader header = Util.readPageHeader(in);
        byte[] compressed = in.readNBytes(header.getCompressed_page_size());
        byte[] page = decompress(chunk, compressed, header.getUncompressed_page_size());
        if (header.getType() == PageType.DICTIONARY_PAGE) {
          dictionary =
              new DictionaryPage(
                  BytesInput.from(page),
                  header.getDictionary_page_header().getNum_values(),
                  CONVERTER.getEncoding(header.getDictionary_page_header().getEncoding()));
        } else {
          data.add(dataPage(header, page));
          found += header.getData_page_header().getNum_values();
        }
      }
    }

    private static byte[] decompress(ColumnChunkMetaData chunk, byte[] page, int size) {
      CompressionCodec codec = CompressionCodec.valueOf(chunk.getCodec().name());
      return switch (codec) {
        case ZSTD -> Zstd.decompress(page, size);
        case UNCOMPRESSED -> page;
        default -> throw new IllegalStateException("codec " + codec);
      };
    }

    private static DataPage dataPage(PageHeader header, byte[] page) {
      if (header.getType() != PageType.DATA_PAGE) {
        throw new IllegalStateException("a page of type " + header.getType());
      }
      var v1 = header.getData_page_header();
      return new DataPageV1(
          BytesInput.from(page),
          v1.getNum_values(),
          page.length,
          null,
          CONVERTER.getEncoding(v1.getRepetition_level_encoding()),
          CONVERTER.getEncoding(v1.getDefinition_level_encoding()),
          CONVERTER.getEncoding(v1.getEncoding()));
    }

    @Override
    public DictionaryPage readDictionaryPage() {
      return dictionary;
    }

    @Override
    public long getTotalValueCount() {
      return values;
    }

    @Override
    public DataPage readPage() {
      return data.poll();
    }
  }
}
