package io.watershed.kinesis;

import io.watershed.core.stream.Shard;
import java.math.BigInteger;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which open shard of the target takes which hash key, as a listing told. Immutable. */
final class TargetShards {
  private final TreeMap<BigInteger, Shard> byFirst = new TreeMap<>();
  private final Map<String, Shard> byId = new HashMap<>();

  /**
   * @throws StreamFailure transient, if there is no shard: a stream that is being made
   */
  TargetShards(Collection<Shard> open) {
    for (Shard shard : open) {
      byFirst.put(shard.hashRange().first(), shard);
      byId.put(shard.key().shardId(), shard);
    }
    if (byFirst.isEmpty()) {
      throw new StreamFailure(
          StreamFailure.Kind.TRANSIENT, "the target has no shard that takes records yet", null);
    }
  }

  Set<String> ids() {
    return Set.copyOf(byId.keySet());
  }

  boolean has(String shardId) {
    return byId.containsKey(shardId);
  }

  /**
   * The shard that takes the hash key. A listing may lag behind a resharding and miss a range: such
   * a key is paced with its neighbours until the next listing.
   */
  String shardFor(BigInteger hashKey) {
    Map.Entry<BigInteger, Shard> owner = byFirst.floorEntry(hashKey);
    return (owner == null ? byFirst.firstEntry() : owner).getValue().key().shardId();
  }

  /** Whether this shard is known, and owns the hash key. */
  boolean owns(String shardId, BigInteger hashKey) {
    Shard shard = byId.get(shardId);
    return shard != null && shard.hashRange().contains(hashKey);
  }
}
