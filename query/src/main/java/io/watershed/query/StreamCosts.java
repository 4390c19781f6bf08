package io.watershed.query;

import io.watershed.cut.ResolvedStream;
import io.watershed.query.StatementReport.StreamCost;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableSnapshot;
import io.watershed.reservoir.table.TableState;
import java.util.Optional;

/** What one stream of a statement cost, beside what its snapshot holds in all. */
final class StreamCosts {
  private StreamCosts() {}

  static StreamCost of(ResolvedStream stream, Optional<ArchiveTable> table) {
    long filesRead = stream.files().size();
    long bytesRead = stream.files().stream().mapToLong(file -> file.file().sizeBytes()).sum();
    Optional<TableSnapshot> snapshot = stream.state().flatMap(state -> snapshot(table, state));
    return new StreamCost(
        stream.stream(),
        snapshot.map(s -> s.totalFiles().orElse(filesRead)).orElse(filesRead),
        filesRead,
        snapshot.map(s -> s.totalBytes().orElse(bytesRead)).orElse(bytesRead),
        0,
        stream.live().size(),
        stream.live().stream().mapToLong(record -> record.payload().length).sum(),
        stream.estimate());
  }

  private static Optional<TableSnapshot> snapshot(Optional<ArchiveTable> table, TableState state) {
    return table.flatMap(
        t ->
            t.snapshots(state).stream()
                .filter(s -> s.id() == state.snapshotId().orElseThrow())
                .findFirst());
  }
}
