package io.watershed.drill.plan;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import java.util.Optional;

/**
 * A place in a shard.
 *
 * @param incarnation the stream's incarnation
 * @param shardId the shard
 * @param after START, a position, or END and then the last position
 */
public record ShardEnd(String incarnation, String shardId, String after) {
  /** How far a shard is archived. */
  public static ShardEnd of(ShardKey shard, After after) {
    return new ShardEnd(shard.incarnation(), shard.shardId(), PositionText.of(after));
  }

  /** The position; the shard's start if there is none. */
  public static ShardEnd of(ShardKey shard, Optional<ShardPosition> position) {
    return of(shard, position.<After>map(After.At::new).orElse(new After.Start()));
  }

  /** The shard. */
  public ShardKey shard() {
    return new ShardKey(incarnation, shardId);
  }

  /** How far. */
  public After place() {
    return PositionText.after(after);
  }
}
