package io.watershed.core.stream;

import io.watershed.core.record.ShardKey;
import java.math.BigInteger;
import java.util.List;

/**
 * A shard's identity and place in the lineage, as ListShards tells it. ListShards forgets; the
 * archive table remembers (PROTOCOL 2.1).
 *
 * @param key the shard
 * @param parents ids of the parent (split) or both parents (merge); empty for a first shard
 * @param hashRange the partition-key hashes that it owns
 */
public record Shard(ShardKey key, List<String> parents, HashRange hashRange) {
  public Shard {
    parents = List.copyOf(parents);
  }

  /** An inclusive range of 128-bit partition-key hashes. */
  public record HashRange(BigInteger first, BigInteger last) {
    /** Whether the hash key falls into this range. */
    public boolean contains(BigInteger hashKey) {
      return first.compareTo(hashKey) <= 0 && hashKey.compareTo(last) <= 0;
    }
  }
}
