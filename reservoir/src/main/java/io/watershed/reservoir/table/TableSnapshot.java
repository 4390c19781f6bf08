package io.watershed.reservoir.table;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;

/**
 * One snapshot that the metadata still name, by its own summary.
 *
 * @param id Iceberg's snapshot id
 * @param parent the snapshot that it follows; empty for the first one
 * @param sequence Iceberg's sequence number: later snapshots have higher ones
 * @param time when it was committed, by the committer's clock
 * @param operation append, replace or delete
 * @param generation {@code watershed.generation}; empty for another tool's snapshot
 * @param addedFiles data files that it added
 * @param removedFiles data files that it took out
 * @param addedRecords rows of the added files
 * @param totalFiles data files in all, if it says so
 * @param totalRecords rows in all, if it says so
 * @param totalBytes size of all data files, if it says so
 */
public record TableSnapshot(
    long id,
    OptionalLong parent,
    long sequence,
    Instant time,
    String operation,
    OptionalLong generation,
    long addedFiles,
    long removedFiles,
    long addedRecords,
    OptionalLong totalFiles,
    OptionalLong totalRecords,
    OptionalLong totalBytes) {

  static TableSnapshot of(Snapshot snapshot) {
    Map<String, String> summary = snapshot.summary();
    Long parent = snapshot.parentId();
    return new TableSnapshot(
        snapshot.snapshotId(),
        parent == null ? OptionalLong.empty() : OptionalLong.of(parent),
        snapshot.sequenceNumber(),
        Instant.ofEpochMilli(snapshot.timestampMillis()),
        snapshot.operation(),
        number(summary, BookkeepingProperties.GENERATION),
        number(summary, SnapshotSummary.ADDED_FILES_PROP).orElse(0),
        number(summary, SnapshotSummary.DELETED_FILES_PROP).orElse(0),
        number(summary, SnapshotSummary.ADDED_RECORDS_PROP).orElse(0),
        number(summary, SnapshotSummary.TOTAL_DATA_FILES_PROP),
        number(summary, SnapshotSummary.TOTAL_RECORDS_PROP),
        number(summary, SnapshotSummary.TOTAL_FILE_SIZE_PROP));
  }

  private static OptionalLong number(Map<String, String> summary, String key) {
    String text = summary.get(key);
    return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }
}
