package io.watershed.cut;

import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.stream.Lineage;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where a time ends a cut on the archived side. Each shard ends just before its first record, in
 * order of position, that arrived later; descendants of such a shard are excluded, and its
 * ancestors are whole (PROTOCOL 5.1). A cut at the tip ends no archived shard.
 *
 * @param until records that arrived later end a shard; empty for a cut at the tip
 * @param ends per shard that is not whole, its through-position
 * @param excluded shards of which no record belongs to the cut: descendants of these
 */
record TimeCut(Optional<Instant> until, Map<ShardKey, ShardPosition> ends, Set<ShardKey> excluded) {
  /** Everything belongs to the cut. */
  static final TimeCut TIP = new TimeCut(Optional.empty(), Map.of(), Set.of());

  /**
   * @param firstLater per shard, the lowest sequence number of an archived record that arrived
   *     later
   */
  static TimeCut of(
      Instant until,
      Map<ShardKey, SequenceNumber> firstLater,
      Map<ShardKey, ShardCheckpoint> checkpoints) {
    Lineage lineage =
        Lineage.of(checkpoints.values().stream().map(ShardCheckpoint::shard).toList());
    Set<ShardKey> excluded = new TreeSet<>();
    firstLater.keySet().forEach(shard -> excluded.addAll(lineage.descendants(shard)));
    Map<ShardKey, ShardPosition> ends = new TreeMap<>();
    firstLater.forEach(
        (shard, later) -> {
          if (!excluded.contains(shard)) {
            before(later).ifPresentOrElse(end -> ends.put(shard, end), () -> excluded.add(shard));
          }
        });
    return new TimeCut(Optional.of(until), ends, excluded);
  }

  /** Whether nothing of the shard lies behind the archived part of the cut. */
  boolean endsBeforeLiveSide(ShardKey shard) {
    return ends.containsKey(shard) || excluded.contains(shard);
  }

  /**
   * The last position before a Kinesis record. No record need have it: it names a set. The user
   * records of one Kinesis record arrived together, so none of them is inside.
   */
  private static Optional<ShardPosition> before(SequenceNumber later) {
    BigInteger number = new BigInteger(later.padded());
    if (number.signum() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new ShardPosition(
            SequenceNumber.parse(number.subtract(BigInteger.ONE).toString()), Long.MAX_VALUE));
  }
}
