package io.watershed.archive;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the archiver has in hand when it decides to commit. A value: it is worked on outside of the
 * step loop.
 *
 * @param shards in lineage order, parents first
 * @param otherCheckpoints changes without records: new shards, vanished ones
 * @param gaps found since the last commit
 */
record CommitInput(
    List<ShardInput> shards, List<ShardCheckpoint> otherCheckpoints, List<Gap> gaps) {
  CommitInput {
    shards = List.copyOf(shards);
    otherCheckpoints = List.copyOf(otherCheckpoints);
    gaps = List.copyOf(gaps);
  }

  /**
   * One shard's part.
   *
   * @param base its checkpoint before this commit
   * @param pending what was read since
   * @param tipAt the last time that a read reached the tip, if that is newer than the checkpoint's
   * @param ends it was read to its end, and all of its children are known
   */
  record ShardInput(
      ShardCheckpoint base, PendingShard pending, Optional<Instant> tipAt, boolean ends) {}
}
