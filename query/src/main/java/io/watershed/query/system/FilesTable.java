package io.watershed.query.system;

import io.watershed.query.system.ArchiveSource.Archive;
import io.watershed.reservoir.table.ListedFile;
import java.sql.SQLException;

/** The data files of each archive's current snapshot. */
final class FilesTable implements SystemTable {
  @Override
  public String columns() {
    return "stream VARCHAR, path VARCHAR, arrival_day DATE, records BIGINT, bytes BIGINT,"
        + " row_groups BIGINT, first_arrival TIMESTAMPTZ, last_arrival TIMESTAMPTZ,"
        + " added_sequence_number BIGINT, added_snapshot_id BIGINT";
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
    for (ListedFile file : archive.table().listFiles(archive.state())) {
      rows.add(
          stream,
          file.key(),
          file.day(),
          file.rows(),
          file.sizeBytes(),
          file.rowGroups(),
          file.firstArrival(),
          file.lastArrival(),
          file.addedSequence(),
          file.addedSnapshot());
    }
  }
}
