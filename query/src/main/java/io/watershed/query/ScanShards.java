package io.watershed.query;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.duckdb.SqlText;
import io.watershed.query.view.PositionSql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The shards of a cut that a selection wants, and where it begins in them. */
final class ScanShards {
  private final List<ShardKey> all;
  private final List<ShardKey> wanted;
  private final Map<ShardKey, ShardPosition> starts;

  private ScanShards(
      List<ShardKey> all, Set<ShardKey> wanted, Map<ShardKey, ShardPosition> starts) {
    this.all = all;
    this.wanted = all.stream().filter(wanted::contains).toList();
    this.starts = Map.copyOf(starts);
  }

  /**
   * Finds the shards that a selection names.
   *
   * @throws WatershedException {@code invalid-input} if it names one that the cut does not hold
   */
  static ScanShards of(Lineage lineage, RecordSelection selection) {
    List<ShardKey> all = lineage.shards().stream().map(Shard::key).toList();
    Map<ShardKey, ShardPosition> starts = new HashMap<>();
    Set<ShardKey> wanted = new HashSet<>(all);
    if (!selection.starts().isEmpty()) {
      wanted.clear();
      selection
          .starts()
          .forEach(
              (id, position) -> {
                ShardKey shard = newest(all, id);
                starts.put(shard, position);
                wanted.add(shard);
                wanted.addAll(lineage.descendants(shard));
              });
    }
    if (!selection.shards().isEmpty()) {
      selection.shards().forEach(id -> newest(all, id));
      wanted.removeIf(shard -> !selection.shards().contains(shard.shardId()));
    }
    return new ScanShards(all, wanted, starts);
  }

  private static ShardKey newest(List<ShardKey> all, String id) {
    return all.stream()
        .filter(shard -> shard.shardId().equals(id))
        .max(ShardKey::compareTo)
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.INVALID_INPUT,
                    "there is no shard '" + id + "' among the " + all.size() + " of the cut",
                    "List them with: SELECT * FROM watershed.shards"));
  }

  /** Every shard of the cut, in scan order. */
  List<ShardKey> all() {
    return all;
  }

  /** Those that are wanted, in scan order. */
  List<ShardKey> wanted() {
    return wanted;
  }

  /** Where the selection begins in a shard, if not with its first record. */
  Optional<ShardPosition> start(ShardKey shard) {
    return Optional.ofNullable(starts.get(shard));
  }

  /** A condition on the position of the shard's rows, such as {@code true}. */
  String condition(ShardKey shard) {
    return start(shard).map(PositionSql::isAtOrAfter).orElse("true");
  }

  /** Whether everything up to a position of the shard is before the wanted records. */
  boolean isBefore(ShardKey shard, ShardPosition through) {
    ShardPosition start = starts.get(shard);
    return start != null && through.compareTo(start) < 0;
  }

  /** A condition for rows of any shard. */
  String condition() {
    if (wanted.size() == all.size() && starts.isEmpty()) {
      return "true";
    }
    List<String> parts = new ArrayList<>(List.of("false"));
    for (ShardKey shard : wanted()) {
      parts.add("(" + rowsOf(shard) + " AND " + condition(shard) + ")");
    }
    return "(" + String.join(" OR ", parts) + ")";
  }

  /** A condition for the rows of one shard. */
  static String rowsOf(ShardKey shard) {
    return "_incarnation = "
        + SqlText.literal(shard.incarnation())
        + " AND _shard_id = "
        + SqlText.literal(shard.shardId());
  }
}
