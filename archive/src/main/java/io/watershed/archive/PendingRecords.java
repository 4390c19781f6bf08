package io.watershed.archive;

import io.watershed.core.record.ShardKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The records of one stream that are read but not committed. The archiver publishes one immutable
 * value per shard; any thread may look.
 */
public final class PendingRecords {
  private final Map<ShardKey, PendingShard> shards = new ConcurrentHashMap<>();

  PendingRecords() {}

  /** What is held of this shard; empty if the archiver does not read it now. */
  public Optional<PendingShard> of(ShardKey shard) {
    return Optional.ofNullable(shards.get(shard));
  }

  void publish(PendingShard shard) {
    shards.put(shard.shard(), shard);
  }

  void forget(ShardKey shard) {
    shards.remove(shard);
  }

  void clear() {
    shards.clear();
  }
}
