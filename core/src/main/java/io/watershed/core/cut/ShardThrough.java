package io.watershed.core.cut;

import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import java.util.Optional;

/**
 * One shard's part of a cut: its records up to and including {@code position}, none if there is no
 * position, all of them if the shard is {@code whole}.
 *
 * @param shard the shard
 * @param whole the shard is closed and all of its records belong to the cut
 * @param position inclusive; for a whole shard its last record, for information
 */
public record ShardThrough(ShardKey shard, boolean whole, Optional<ShardPosition> position) {
  /** Whether a record of this shard at this position belongs to the cut. */
  public boolean includes(ShardPosition candidate) {
    return whole || (position.isPresent() && candidate.compareTo(position.get()) <= 0);
  }
}
