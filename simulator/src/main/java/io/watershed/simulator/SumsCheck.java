package io.watershed.simulator;

import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.FileSums.ShardSums;
import io.watershed.reservoir.table.TableState;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The footers' ranges tile every shard from its start to its checkpoint, their sums are the
 * checkpoint's, and a file holds what its footer says (PROTOCOL 3.7). Written again here, so that
 * {@code verify} and the simulator do not share a mistake.
 */
final class SumsCheck {
  private final ArchiveTable table;
  private final TableState state;
  private final ArchivedRows rows;
  private final List<String> findings;
  private final Map<ShardKey, TreeMap<ShardPosition, Total>> ranges = new HashMap<>();

  private record Total(Optional<ShardPosition> from, long rows, long skipped, RecordDigest digest) {
    Total plus(Total other) {
      return new Total(from, rows + other.rows, skipped + other.skipped, digest.plus(other.digest));
    }
  }

  SumsCheck(ArchiveTable table, TableState state, ArchivedRows rows, List<String> findings) {
    this.table = table;
    this.state = state;
    this.rows = rows;
    this.findings = findings;
  }

  void run() {
    for (DataFileInfo file : table.files(state)) {
      try {
        add(file, table.sums(file));
      } catch (WatershedException e) {
        findings.add("no sums of a file: " + e.getMessage());
      }
    }
    state.checkpoints().values().forEach(this::check);
  }

  private void add(DataFileInfo file, FileSums sums) {
    Map<ShardKey, Total> held = new HashMap<>();
    for (StreamRecord record : rows.of(file.key()).orElse(List.of())) {
      Total one = new Total(Optional.empty(), 1, 0, RecordDigest.of(record));
      held.merge(record.shard(), one, Total::plus);
    }
    for (ShardSums shard : sums.shards()) {
      Total stated = new Total(shard.from(), shard.rows(), shard.skipped(), shard.digest());
      Total found = held.remove(shard.shard());
      RecordDigest digest = found == null ? RecordDigest.ZERO : found.digest();
      if ((found == null ? 0 : found.rows()) != stated.rows() || !digest.equals(stated.digest())) {
        findings.add("a file does not hold what its footer says of " + shard.shard());
      }
      ranges
          .computeIfAbsent(shard.shard(), key -> new TreeMap<>())
          .merge(
              shard.through(),
              stated,
              (one, other) -> {
                if (!one.from().equals(other.from())) {
                  findings.add("ranges of " + shard.shard() + " overlap");
                }
                return one.plus(other);
              });
    }
    held.keySet().forEach(shard -> findings.add("a footer does not name " + shard));
  }

  private void check(ShardCheckpoint checkpoint) {
    Optional<ShardPosition> reached = Optional.empty();
    Total sum = new Total(reached, 0, 0, RecordDigest.ZERO);
    for (Map.Entry<ShardPosition, Total> range :
        ranges.getOrDefault(checkpoint.key(), new TreeMap<>()).entrySet()) {
      if (!range.getValue().from().equals(reached)) {
        findings.add(
            "ranges of %s do not tile: %s is followed by %s"
                .formatted(checkpoint.key(), reached, range.getValue().from()));
      }
      reached = Optional.of(range.getKey());
      sum = sum.plus(range.getValue());
    }
    if (!reached.equals(checkpoint.after().lastPosition())) {
      findings.add(
          "files of %s reach %s, its checkpoint is %s"
              .formatted(checkpoint.key(), reached, checkpoint.after()));
    }
    Comparator<Total> same =
        Comparator.comparingLong(Total::rows).thenComparingLong(Total::skipped);
    Total stated =
        new Total(Optional.empty(), checkpoint.rows(), checkpoint.skipped(), checkpoint.digest());
    if (same.compare(sum, stated) != 0 || !sum.digest().equals(stated.digest())) {
      findings.add("the sums of " + checkpoint.key() + " differ: " + sum + ", " + stated);
    }
  }
}
