package io.watershed.archive.overview;

import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.ShardPosition;
import java.time.Instant;
import java.util.Optional;

/**
 * One shard.
 *
 * @param checkpoint how far it is archived, its lineage and its counts
 * @param waiting what the stream holds beyond that; empty if the stream was not asked, or the shard
 *     is archived to its end
 */
public record ShardOverview(ShardCheckpoint checkpoint, Optional<Waiting> waiting) {
  /** Whether the shard is closed and archived to its end. */
  public boolean ended() {
    return checkpoint.after().isEnd();
  }

  /** The last archived position. */
  public Optional<ShardPosition> archivedTo() {
    return checkpoint.after().lastPosition();
  }

  /** When the last archived record arrived. */
  public Optional<Instant> lastArrival() {
    return checkpoint.lastArrival();
  }
}
