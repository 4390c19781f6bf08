package io.watershed.reservoir.table;

import java.time.Instant;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;

/**
 * One commit of records, by its snapshot's summary.
 *
 * @param time when it was committed, by the committer's clock
 * @param records rows added; 0 for a commit of checkpoints alone
 * @param files data files added
 * @param bytes their size
 */
public record Append(Instant time, long records, long files, long bytes) {
  static Append of(Snapshot snapshot) {
    Map<String, String> summary = snapshot.summary();
    return new Append(
        Instant.ofEpochMilli(snapshot.timestampMillis()),
        number(summary, SnapshotSummary.ADDED_RECORDS_PROP),
        number(summary, SnapshotSummary.ADDED_FILES_PROP),
        number(summary, SnapshotSummary.ADDED_FILE_SIZE_PROP));
  }

  private static long number(Map<String, String> summary, String key) {
    return Long.parseLong(summary.getOrDefault(key, "0"));
  }
}
