package io.watershed.replay;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How far a run is. Counts include what earlier parts of the same plan's run did.
 *
 * @param planned records that the plan sends, superseded ones included
 * @param sent records handed to the writer
 * @param acknowledged records that the target has acknowledged
 * @param superseded records left out because the target holds newer ones
 * @param bytes bytes acknowledged, envelopes included, by this process
 * @param recordsPerSecond acknowledged a second, over the last seconds
 * @param eta how long the rest takes at that rate; empty if unknown
 * @param throttles records that the target refused as over its limit, by this process
 * @param retries records that had to be sent again for whatever reason, by this process
 * @param hotKeyShare the part of what is handed to the writer and not acknowledged that is of one
 *     key: 0 to 1. Near 1, this key's round trips set the pace; packed records are the way out
 * @param shards of the target, by shard id
 */
public record ReplayProgress(
    long planned,
    long sent,
    long acknowledged,
    long superseded,
    long bytes,
    double recordsPerSecond,
    Optional<Duration> eta,
    long throttles,
    long retries,
    double hotKeyShare,
    List<ShardProgress> shards) {
  public ReplayProgress {
    shards = List.copyOf(shards);
  }

  /** Records of the plan that are done: acknowledged, or left out. */
  public long done() {
    return acknowledged + superseded;
  }
}
