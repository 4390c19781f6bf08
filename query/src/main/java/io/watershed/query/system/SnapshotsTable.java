package io.watershed.query.system;

import io.watershed.query.system.ArchiveSource.Archive;
import io.watershed.reservoir.table.TableSnapshot;
import io.watershed.reservoir.table.TableState;
import java.sql.SQLException;
import java.util.OptionalLong;

/** Every snapshot that an archive's metadata still name. */
final class SnapshotsTable implements SystemTable {
  @Override
  public String columns() {
    return "stream VARCHAR, snapshot_id BIGINT, committed_at TIMESTAMPTZ, generation BIGINT,"
        + " metadata_version BIGINT, table_uuid UUID, is_current BOOLEAN, parent_id BIGINT,"
        + " sequence_number BIGINT, operation VARCHAR, added_files BIGINT, removed_files BIGINT,"
        + " added_records BIGINT, total_files BIGINT, total_records BIGINT, total_bytes BIGINT";
  }

  @Override
  public void fill(RowWriter rows, SystemSources sources) throws SQLException {
    for (ArchiveSource source : sources.archives()) {
      if (source.archive().isPresent()) {
        fill(rows, source.stream(), source.archive().get());
      }
    }
  }

  private static void fill(RowWriter rows, String stream, Archive archive) throws SQLException {
    TableState state = archive.state();
    for (TableSnapshot snapshot : archive.table().snapshots(state)) {
      boolean current = state.snapshotId().equals(OptionalLong.of(snapshot.id()));
      rows.add(
          stream,
          snapshot.id(),
          snapshot.time(),
          snapshot.generation(),
          current ? state.metadataVersion() : null,
          state.tableUuid(),
          current,
          snapshot.parent(),
          snapshot.sequence(),
          snapshot.operation(),
          snapshot.addedFiles(),
          snapshot.removedFiles(),
          snapshot.addedRecords(),
          snapshot.totalFiles(),
          snapshot.totalRecords(),
          snapshot.totalBytes());
    }
  }
}
