package io.watershed.replay;

import io.watershed.consumer.Position;
import io.watershed.consumer.Version;
import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which of two versions of one partition key is newer for certain. Stricter than {@link
 * Version#compare}, which takes a key's records to be on one lineage: here the newer position is in
 * the older one's shard, or in a descendant of it that is known to be one. So a key whose records
 * were put with different explicit hash keys has no order here (PROTOCOL 1.2). For one thread at a
 * time.
 */
final class VersionLineage {
  private final Map<ShardKey, Set<ShardKey>> ancestors = new HashMap<>();
  private Lineage lineage;

  VersionLineage(Lineage known) {
    this.lineage = known;
  }

  /** More shards are known now. */
  void learn(Collection<Shard> shards) {
    lineage = lineage.plus(shards);
    ancestors.clear();
  }

  /** Whether the first version is newer than the second one for certain. */
  boolean isNewer(Version version, Version than) {
    Position at = version.position();
    if (!at.isComparableTo(than.position()) || !isAlong(at, than.position())) {
      return false;
    }
    int order = at.compareAlongLineage(than.position());
    if (order != 0 || version.overwriting().isEmpty()) {
      return order > 0;
    }
    return than.overwriting().isEmpty()
        || isNewer(version.overwriting().get(), than.overwriting().get());
  }

  private boolean isAlong(Position position, Position earlier) {
    return position.shard().equals(earlier.shard())
        || ancestors.computeIfAbsent(key(position), lineage::ancestors).contains(key(earlier));
  }

  private static ShardKey key(Position position) {
    return new ShardKey(position.stream(), position.shard());
  }
}
