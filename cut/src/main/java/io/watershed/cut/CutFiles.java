package io.watershed.cut;

import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FilePredicate;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.FileSums.ShardSums;
import io.watershed.reservoir.table.TableState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The data files that hold rows of a cut, of which the archive may hold more. Thread-safe. */
final class CutFiles {
  private final FileSumsCache sums;

  CutFiles(FileSumsCache sums) {
    this.sums = sums;
  }

  /** Shards of which the archive holds more than the cut does. */
  static List<OutsideRows> outside(
      PinnedStream pinned, Map<ShardKey, ShardCheckpoint> checkpoints) {
    List<OutsideRows> outside = new ArrayList<>();
    checkpoints.forEach(
        (key, checkpoint) -> {
          Optional<ShardPosition> archived = checkpoint.after().lastPosition();
          Optional<ShardPosition> through =
              Optional.ofNullable(pinned.shards().get(key)).flatMap(s -> s.through().position());
          boolean more =
              archived.isPresent()
                  && (through.isEmpty() || archived.get().compareTo(through.get()) > 0);
          if (more) {
            outside.add(new OutsideRows(key, through));
          }
        });
    return outside;
  }

  /** The files of the state that hold rows of the cut for which the predicate may hold. */
  List<CutFile> of(
      StreamSide side, TableState state, FilePredicate needed, List<OutsideRows> outside) {
    ArchiveTable table = side.table().orElseThrow();
    List<CutFile> chosen = new ArrayList<>();
    List<DataFileInfo> unclear = new ArrayList<>();
    for (DataFileInfo file : table.files(state, needed)) {
      if (outside.stream().noneMatch(rows -> mayHold(file, rows))) {
        chosen.add(new CutFile(file, false));
      } else {
        unclear.add(file);
      }
    }
    Map<ShardKey, OutsideRows> byShard = new TreeMap<>();
    outside.forEach(rows -> byShard.put(rows.shard(), rows));
    List<FileSums> footers = sums.sums(table, unclear);
    for (int i = 0; i < unclear.size(); i++) {
      choose(unclear.get(i), footers.get(i), byShard).ifPresent(chosen::add);
    }
    return chosen;
  }

  /** Whether the file may hold some of these rows, by the bounds that the table knows. */
  private static boolean mayHold(DataFileInfo file, OutsideRows rows) {
    boolean otherShards =
        file.minShard().filter(min -> min.compareTo(rows.shard()) > 0).isPresent()
            || file.maxShard().filter(max -> max.compareTo(rows.shard()) < 0).isPresent();
    boolean before =
        rows.after()
            .flatMap(
                after ->
                    file.maxSequence()
                        .map(max -> max.compareTo(after.sequenceNumber().padded()) < 0))
            .orElse(false);
    return !otherShards && !before;
  }

  /** A file wholly inside needs no condition, one wholly outside is not read. */
  private static Optional<CutFile> choose(
      DataFileInfo file, FileSums footer, Map<ShardKey, OutsideRows> outside) {
    boolean anyInside = footer.shards().isEmpty();
    boolean anyOutside = footer.shards().isEmpty();
    for (ShardSums shard : footer.shards()) {
      OutsideRows rows = outside.get(shard.shard());
      if (rows == null) {
        anyInside = true;
        continue;
      }
      Optional<ShardPosition> through = rows.after();
      boolean endsInside = through.isPresent() && shard.through().compareTo(through.get()) <= 0;
      boolean startsOutside =
          through.isEmpty()
              || shard.from().filter(from -> from.compareTo(through.get()) >= 0).isPresent();
      anyInside |= !startsOutside;
      anyOutside |= !endsInside;
    }
    return anyInside ? Optional.of(new CutFile(file, anyOutside)) : Optional.empty();
  }
}
