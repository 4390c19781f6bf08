package io.watershed.kinesis;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What is known of the target: its open shards and its record limit, and when to ask again: at an
 * interval, and soon after a record landed in a shard that is not the expected one. Pure; times are
 * nanoseconds of one monotonic clock.
 */
final class TargetView {
  private static final long SOONEST_NANOS = Duration.ofSeconds(1).toNanos();

  /** A shard that is not listed by then was resharded again. */
  private static final int PATIENCE_LISTINGS = 10;

  private final long intervalNanos;
  private final Map<String, Integer> unexpected = new HashMap<>();
  private TargetShards shards;
  private long maxRecordBytes;
  private boolean asking;
  private long askedNanos;

  /** What the target said of itself. */
  record Answer(StreamDescription description, TargetShards shards) {}

  TargetView(Answer first, Duration interval, long nowNanos) {
    this.intervalNanos = interval.toNanos();
    this.shards = first.shards();
    this.maxRecordBytes = first.description().maxRecordBytes();
    this.askedNanos = nowNanos;
  }

  long maxRecordBytes() {
    return maxRecordBytes;
  }

  /** Something landed: if not in the shard it was meant for, the target is asked soon. */
  void landed(Parcel<?> parcel, String shardId) {
    boolean sentBeforeLastListing = shards.has(shardId) && !shards.has(parcel.shardId());
    if (!parcel.shardId().equals(shardId) && !sentBeforeLastListing) {
      unexpected.putIfAbsent(shardId, PATIENCE_LISTINGS);
    }
  }

  /**
   * Whether it landed where consumers look for it. A pack in a shard that does not own all of its
   * keys did not: the shard was split after the pack was made.
   */
  boolean isAtHome(Parcel<?> parcel, String shardId) {
    return !parcel.isPacked()
        || parcel.shardId().equals(shardId)
        || parcel.items().stream().allMatch(item -> shards.owns(shardId, item.hashKey));
  }

  /** Whether records landed elsewhere than expected, and no listing says why yet. */
  boolean isStale() {
    return !unexpected.isEmpty();
  }

  /** When to ask, if nobody is asking. */
  long dueNanos() {
    return askedNanos + (isStale() ? Math.min(SOONEST_NANOS, intervalNanos) : intervalNanos);
  }

  boolean isAsking() {
    return asking;
  }

  void asked(long nowNanos) {
    asking = true;
    askedNanos = nowNanos;
  }

  void answered(Answer answer) {
    asking = false;
    shards = answer.shards();
    maxRecordBytes = answer.description().maxRecordBytes();
    unexpected.keySet().removeIf(shards::has);
    unexpected.replaceAll((shard, left) -> left - 1);
    unexpected.values().removeIf(left -> left == 0);
  }

  void failed() {
    asking = false;
  }
}
