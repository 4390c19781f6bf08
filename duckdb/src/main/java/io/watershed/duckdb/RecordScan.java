package io.watershed.duckdb;

import io.watershed.core.record.StreamRecord;
import java.util.List;

/** One scan of the records, handed out to threads chunk by chunk. Thread-safe. */
final class RecordScan {
  /** Payload bytes of a chunk; a single record may be larger. */
  static final long MAX_CHUNK_BYTES = 8L << 20;

  private static final int RECORDS_PER_THREAD = 8 * 2048;

  private final List<StreamRecord> records;
  private int next;

  /** Records from one index to before another. */
  record Range(int from, int to) {
    int size() {
      return to - from;
    }
  }

  RecordScan(List<StreamRecord> records) {
    this.records = records;
  }

  int maxThreads() {
    return 1 + records.size() / RECORDS_PER_THREAD;
  }

  /** The next records, as many as fit; empty at the end. */
  synchronized Range next(int maxRecords) {
    int from = next;
    int limit = Math.min(records.size(), from + maxRecords);
    long bytes = 0;
    int to = from;
    while (to < limit && (to == from || bytes < MAX_CHUNK_BYTES)) {
      bytes += records.get(to).payload().length;
      to++;
    }
    next = to;
    return new Range(from, to);
  }
}
