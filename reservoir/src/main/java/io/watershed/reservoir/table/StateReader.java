package io.watershed.reservoir.table;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/** Reads a {@link TableState} out of one metadata object and nothing else (PROTOCOL 3.3). */
final class StateReader {
  private StateReader() {}

  static TableState state(String stream, long version, TableMetadata table, Lineage lineage) {
    return state(stream, version, table, table.currentSnapshot(), lineage);
  }

  /** The state at a snapshot that is not the current one. */
  static TableState state(
      String stream,
      long version,
      TableMetadata table,
      @Nullable Snapshot snapshot,
      Lineage lineage) {
    Bookkeeping books = lineage.read(table.properties());
    return new TableState(
        stream,
        UUID.fromString(table.uuid()),
        version,
        snapshot == null ? OptionalLong.empty() : OptionalLong.of(snapshot.snapshotId()),
        snapshot == null ? Instant.EPOCH : Instant.ofEpochMilli(snapshot.timestampMillis()),
        books.generation(),
        books.incarnations(),
        books.checkpoints(),
        books.gaps(),
        TableSchema.payload(table.schema()),
        books.maintenance(),
        books.dropped());
  }
}
