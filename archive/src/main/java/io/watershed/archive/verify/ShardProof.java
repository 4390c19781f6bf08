package io.watershed.archive.verify;

import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import java.util.Optional;

/**
 * What was proved about one shard.
 *
 * @param shard the shard
 * @param checkpoint {@code START}, a position, or {@code END}
 * @param rows records that the checkpoint counts
 * @param skipped replayed records that the checkpoint counts
 * @param digest the checkpoint's sum
 * @param ranges files that carry a range of this shard
 * @param tiled the ranges cover START to the checkpoint without hole or overlap, and the footers
 *     add up to the checkpoint
 * @param rowsRead records read back from files and digested; 0 unless rows were read
 * @param stream the comparison with the stream; empty if it was not asked for
 */
public record ShardProof(
    ShardKey shard,
    String checkpoint,
    long rows,
    long skipped,
    RecordDigest digest,
    long ranges,
    boolean tiled,
    long rowsRead,
    Optional<StreamProof> stream) {

  /**
   * How far the stream confirms the archive.
   *
   * @param compared archived records that the stream still holds with the same bytes
   * @param skipped replayed records among what the stream holds, rightly not archived
   * @param unproved archived records that the stream holds no longer: trimmed, or their shard gone
   * @param note why some or all could not be compared, as a sentence; empty if all were
   */
  public record StreamProof(long compared, long skipped, long unproved, String note) {}
}
