package io.watershed.replay;

import io.watershed.core.record.ShardPosition;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts order violations (PROTOCOL 6.2). Fed with records in archive order, each with its place on
 * the target; a record violates the order if its place is before that of an earlier record of its
 * key. Records of one key are on one lineage of the target, so their sequence numbers compare.
 *
 * <p>Remembers the highest place of the most recently seen keys only. That is enough for a running
 * replay: a record that was acknowledged before another of its key was even sent cannot come after
 * it, so only records that are in flight together can be out of order. Records that were packed
 * into one have places within it.
 */
final class OrderCheck {
  private final Map<String, Place> highest;
  private final Map<String, ShardPosition> closedBefore = new HashMap<>();
  private long violations;
  private boolean scattered;

  /** Where a record is on the target. */
  record Place(String shardId, ShardPosition position) {}

  OrderCheck(int maxKeys) {
    highest =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Place> eldest) {
            return size() > maxKeys;
          }
        };
  }

  /** The next record in archive order. */
  void next(String partitionKey, Place place) {
    Place before = highest.get(partitionKey);
    if (before != null && place.position().compareTo(before.position()) < 0) {
      violations++;
    } else {
      highest.put(partitionKey, place);
    }
    if (before != null && !before.shardId().equals(place.shardId())) {
      closedBefore.putIfAbsent(before.shardId(), place.position());
    }
    ShardPosition closed = closedBefore.get(place.shardId());
    scattered |= closed != null && place.position().compareTo(closed) > 0;
  }

  /** Records whose place is before that of an earlier record of their key. */
  long violations() {
    return violations;
  }

  /**
   * Whether the target puts records of one key into several open shards at once. A key moves to
   * another shard only when its own was closed by a split or merge, and numbers of the new shard
   * are above all of the old one's; so a later number in the old one proves it.
   */
  boolean isScattered() {
    return scattered;
  }
}
