package io.watershed.replay;

import io.watershed.kinesis.ShardWrites;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The rates of a run on each shard of its target. For one thread. */
final class ShardMeters {
  private final Map<String, Meters> shards = new HashMap<>();

  private record Meters(RateMeter records, RateMeter entries, RateMeter bytes) {
    void add(long nanos, ShardWrites writes) {
      records.add(nanos, writes.records());
      entries.add(nanos, writes.entries());
      bytes.add(nanos, writes.bytes());
    }
  }

  /** Takes what was done so far; shards that are not there any more are forgotten. */
  List<ShardProgress> progress(long nanos, List<ShardWrites> writes) {
    shards
        .keySet()
        .retainAll(writes.stream().map(ShardWrites::shardId).collect(Collectors.toSet()));
    return writes.stream()
        .sorted(Comparator.comparing(ShardWrites::shardId))
        .map(shard -> progress(nanos, shard))
        .toList();
  }

  private ShardProgress progress(long nanos, ShardWrites shard) {
    Meters meters =
        shards.computeIfAbsent(
            shard.shardId(), id -> new Meters(new RateMeter(), new RateMeter(), new RateMeter()));
    meters.add(nanos, shard);
    double bytes = meters.bytes().perSecond();
    return new ShardProgress(
        shard.shardId(),
        meters.records().perSecond(),
        bytes,
        ShardWrites.quotaShare(meters.entries().perSecond(), bytes),
        shard.allowedShare(),
        shard.throttled());
  }
}
