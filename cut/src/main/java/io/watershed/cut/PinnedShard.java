package io.watershed.cut;

import io.watershed.core.checkpoint.After;
import io.watershed.core.cut.ShardThrough;
import io.watershed.core.record.RecordDigest;
import java.util.List;
import java.util.Optional;

/**
 * One shard of a pinned cut, with what a later answer is checked by.
 *
 * @param through which of its records belong to the cut
 * @param parents ids of its parents, for the order of scans
 * @param archived how far it was archived when the cut was resolved
 * @param sums over the shard's records in the cut, since the shard's start; empty if the cut ends
 *     inside the archived part, which needs no proof
 * @param readTo how far it was read, if the statement needed no more of it; another statement may
 *     need what lies beyond, and must not take it for absent
 * @param dropped how many of these the archive's retention had dropped by then
 */
public record PinnedShard(
    ShardThrough through,
    List<String> parents,
    After archived,
    Optional<Sums> sums,
    Optional<ReadTo> readTo,
    long dropped) {
  public PinnedShard {
    parents = List.copyOf(parents);
  }

  /** Whether any record of the shard can be in the cut. */
  boolean hasRecords() {
    return through.whole() || through.position().isPresent();
  }

  /** Number and digest of records. */
  public record Sums(long rows, RecordDigest digest) {}
}
