package io.watershed.archive.encode;

import io.watershed.core.config.EncoderSettings;
import io.watershed.core.record.StreamRecord;
import java.util.List;

/**
 * How many rows a file's row groups have, and what memory that takes. DuckDB buffers a row group
 * whole, and aborts the process when its memory limit is met while a table function hands over text
 * (seen with 2.0.0.1), so the limit must be out of reach before a file is begun.
 *
 * @param rows rows of a row group
 * @param memoryBytes an upper bound of DuckDB's memory; factors from measurements, rounded up
 */
record RowGroups(int rows, long memoryBytes) {
  private static final long BASE_BYTES = 64L << 20;

  /** Payload text, typed columns, their copies in the buffer, and the compressed pages. */
  private static final long BYTES_PER_PAYLOAD_BYTE = 8;

  /** Vectors, validity, dictionaries and Bloom filters. */
  private static final long BYTES_PER_CELL = 128;

  static RowGroups of(List<StreamRecord> records, int columns, EncoderSettings settings) {
    int rows = (int) Math.min(settings.rowGroupRows(), settings.rowGroupCells() / columns);
    rows = Math.max(1, Math.min(rows, records.size()));
    long bytes = largestWindow(records, rows);
    long memory = settings.database().memoryLimitBytes();
    while (rows > 1
        && (bytes > settings.rowGroupBytes() || memoryBytes(rows, columns, bytes) > memory)) {
      rows = rows / 2;
      bytes = largestWindow(records, rows);
    }
    return new RowGroups(rows, memoryBytes(rows, columns, bytes));
  }

  private static long memoryBytes(long rows, int columns, long payloadBytes) {
    return BASE_BYTES + BYTES_PER_PAYLOAD_BYTE * payloadBytes + BYTES_PER_CELL * rows * columns;
  }

  /** The most payload bytes that so many records in a row have. */
  private static long largestWindow(List<StreamRecord> records, int rows) {
    long bytes = 0;
    long largest = 0;
    for (int i = 0; i < records.size(); i++) {
      bytes += records.get(i).payload().length;
      if (i >= rows) {
        bytes -= records.get(i - rows).payload().length;
      }
      largest = Math.max(largest, bytes);
    }
    return largest;
  }
}
