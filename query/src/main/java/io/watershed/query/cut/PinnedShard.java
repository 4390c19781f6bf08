package io.watershed.query.cut;

import io.watershed.core.checkpoint.After;
import io.watershed.core.cut.ShardThrough;
import io.watershed.core.record.RecordDigest;
import java.util.List;

/**
 * One shard of a pinned cut, with what a later answer is checked by.
 *
 * @param through which of its records belong to the cut
 * @param parents ids of its parents, for the order of scans
 * @param archived how far it was archived when the cut was resolved
 * @param rows records of the shard in the cut, since the shard's start
 * @param digest sum over these records
 * @param dropped how many of these the archive's retention had dropped by then
 */
public record PinnedShard(
    ShardThrough through,
    List<String> parents,
    After archived,
    long rows,
    RecordDigest digest,
    long dropped) {
  public PinnedShard {
    parents = List.copyOf(parents);
  }
}
