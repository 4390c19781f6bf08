package io.watershed.reservoir.table;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * Where the columns of a Parquet file are (https://parquet.apache.org/docs/file-format/).
 *
 * @param rows number of rows
 * @param footerOffset where the footer begins; it reaches to the end of the file
 * @param chunks every range that holds values, or the Bloom filter, of one top-level column
 */
public record DataFileLayout(long rows, long footerOffset, List<Chunk> chunks) {
  public DataFileLayout {
    chunks = List.copyOf(chunks);
  }

  /**
   * A range of bytes.
   *
   * @param column name of the top-level column
   */
  public record Chunk(String column, long offset, long length) {}

  /** Reads a range of a file; fewer bytes only at its end. */
  public interface Ranges {
    byte[] read(long offset, int length) throws IOException;
  }

  /**
   * Reads the layout from the end of a file.
   *
   * @param name for errors
   * @throws WatershedException {@code integrity} if this is not a whole Parquet file of that size
   */
  public static DataFileLayout read(String name, long sizeBytes, Ranges ranges) {
    try {
      byte[] footer = ParquetFooter.footer(name, sizeBytes, ranges::read);
      FileMetaData metadata = Util.readFileMetaData(new ByteArrayInputStream(footer));
      List<Chunk> chunks = new ArrayList<>();
      if (metadata.isSetRow_groups()) {
        for (RowGroup group : metadata.getRow_groups()) {
          group.getColumns().forEach(column -> add(column, chunks));
        }
      }
      long footerOffset = sizeBytes - footer.length - ParquetFooter.TRAILER_BYTES;
      DataFileLayout layout = new DataFileLayout(metadata.getNum_rows(), footerOffset, chunks);
      for (Chunk chunk : layout.chunks()) {
        if (chunk.offset() < 0
            || chunk.length() < 0
            || chunk.offset() + chunk.length() > footerOffset) {
          throw ParquetFooter.unreadable(name, null);
        }
      }
      return layout;
    } catch (IOException e) {
      throw ParquetFooter.unreadable(name, e);
    }
  }

  private static void add(ColumnChunk chunk, List<Chunk> chunks) {
    ColumnMetaData column = chunk.getMeta_data();
    String name = column.getPath_in_schema().get(0);
    long start = column.getData_page_offset();
    if (column.isSetDictionary_page_offset() && column.getDictionary_page_offset() > 0) {
      start = Math.min(start, column.getDictionary_page_offset());
    }
    chunks.add(new Chunk(name, start, column.getTotal_compressed_size()));
    if (column.isSetBloom_filter_offset()) {
      if (!column.isSetBloom_filter_length()) {
        throw new WatershedException(
            ErrorCode.INTEGRITY,
            "the Bloom filter of column '" + name + "' has no length",
            "The data file was not written by watershed.");
      }
      chunks.add(new Chunk(name, column.getBloom_filter_offset(), column.getBloom_filter_length()));
    }
  }
}
