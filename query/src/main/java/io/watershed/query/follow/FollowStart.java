package io.watershed.query.follow;

import io.watershed.core.record.ShardPosition;
import java.time.Instant;
import java.util.Map;

/** Where following begins. */
public sealed interface FollowStart {
  /** Only what arrives from now on. */
  record Now() implements FollowStart {}

  /** Everything that archive and stream hold. */
  record Earliest() implements FollowStart {}

  /**
   * What arrived at this time or later; arrival times are approximate, and only select (PROTOCOL
   * 1.3).
   */
  record Since(Instant time) implements FollowStart {}

  /**
   * What follows these records: of the shards that are named, and of those that descend from them.
   * Other shards are left out.
   *
   * @param after per shard id, in the stream's present incarnation; not empty
   */
  record Positions(Map<String, ShardPosition> after) implements FollowStart {
    public Positions {
      after = Map.copyOf(after);
    }
  }

  /** After what an earlier run has delivered. */
  record At(FollowPlace place) implements FollowStart {}
}
