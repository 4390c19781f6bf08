package io.watershed.query.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.parquet.Version;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/**
 * One Parquet file, written front to back to a stream, so that a pipe can take it. At most one row
 * group is in memory: {@value #ROW_GROUP_BYTES} bytes of encoded values, plus the {@value
 * #ROWS_BETWEEN_LOOKS} rows until somebody looks. Not thread-safe; closing the stream is not its
 * business.
 */
public final class ParquetOutput {
  static final int ROW_GROUP_BYTES = 32 << 20;

  /** As DuckDB's; readers share row groups among threads. */
  static final int ROW_GROUP_ROWS = 122_880;

  private static final int ROWS_BETWEEN_LOOKS = 16;
  private static final int FOOTER_VERSION = 1;
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream out;
  private final MessageType schema;
  private final MessageColumnIO columnIo;
  private final ParquetProperties properties =
      ParquetProperties.builder().withSizeStatisticsEnabled(false).build();
  private final List<BlockMetaData> rowGroups = new ArrayList<>();
  private long position;
  private RowGroup group;

  /** Begins a file of these columns. */
  public ParquetOutput(OutputStream out, MessageType schema) throws IOException {
    this.out = out;
    this.schema = schema;
    this.columnIo = new ColumnIOFactory().getColumnIO(schema);
    this.group = new RowGroup();
    out.write(MAGIC);
    position = MAGIC.length;
  }

  /** Takes the next row: from startMessage to endMessage. Another one after each row group. */
  public RecordConsumer row() {
    return group.consumer;
  }

  /** Called after each row; writes the row group when it is full. */
  public void endRow() throws IOException {
    group.rows++;
    boolean look = group.rows % ROWS_BETWEEN_LOOKS == 0;
    if (group.rows == ROW_GROUP_ROWS
        || (look && group.columns.getBufferedSize() >= ROW_GROUP_BYTES)) {
      writeGroup();
      group = new RowGroup();
    }
  }

  /**
   * Writes what is left, and the footer.
   *
   * @param keyValues for the footer
   */
  public void finish(Map<String, String> keyValues) throws IOException {
    writeGroup();
    ParquetMetadata metadata =
        new ParquetMetadata(new FileMetaData(schema, keyValues, Version.FULL_VERSION), rowGroups);
    ByteArrayOutputStream footer = new ByteArrayOutputStream();
    Util.writeFileMetaData(
        new ParquetMetadataConverter().toParquetMetadata(FOOTER_VERSION, metadata), footer);
    footer.writeTo(out);
    byte[] length =
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(footer.size())
            .array();
    out.write(length);
    out.write(MAGIC);
    out.flush();
  }

  private void writeGroup() throws IOException {
    group.consumer.flush();
    group.columns.flush();
    if (group.rows > 0) {
      BlockMetaData block = new BlockMetaData();
      block.setRowCount(group.rows);
      for (ColumnDescriptor column : schema.getColumns()) {
        ChunkWriter chunk = Objects.requireNonNull(group.chunks.get(column));
        ColumnChunkMetaData written = chunk.writeTo(out, position);
        position += written.getTotalSize();
        block.addColumn(written);
        block.setTotalByteSize(block.getTotalByteSize() + written.getTotalUncompressedSize());
      }
      rowGroups.add(block);
    }
    group.columns.close();
  }

  private final class RowGroup {
    private final Map<ColumnDescriptor, ChunkWriter> chunks = new LinkedHashMap<>();
    private final ColumnWriteStore columns;
    private final RecordConsumer consumer;
    private int rows;

    RowGroup() {
      columns =
          properties.newColumnWriteStore(
              schema, column -> chunks.computeIfAbsent(column, ChunkWriter::new));
      consumer = columnIo.getRecordWriter(columns);
    }
  }
}
