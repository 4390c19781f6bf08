package io.watershed.core.hottail;

import io.watershed.core.record.ShardKey;
import java.util.Map;
import java.util.Optional;

/**
 * What an archiver offers of one stream.
 *
 * @param shards by shard, so by incarnation too; shards of which it can prove nothing are absent
 */
public record HotAnswer(Map<ShardKey, HotShard> shards) {
  /** Of no archiver, or of one that has nothing to offer. */
  public static final HotAnswer NONE = new HotAnswer(Map.of());

  public HotAnswer {
    shards = Map.copyOf(shards);
  }

  /** What is held of this shard. */
  public Optional<HotShard> of(ShardKey shard) {
    return Optional.ofNullable(shards.get(shard));
  }
}
