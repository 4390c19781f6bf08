package io.watershed.reservoir.table;

import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardPosition;

/**
 * What the archive's retention took out of one shard so far, so that the sums still prove the rest
 * (PROTOCOL 3.7): the files and this together add up to the checkpoint.
 *
 * @param through the highest position that the ranges of dropped files reached, inclusive: up to it
 *     no file needs to cover the shard
 * @param rows records dropped
 * @param skipped replayed records that dropped files counted
 * @param digest sum over the records dropped
 */
public record DroppedRecords(ShardPosition through, long rows, long skipped, RecordDigest digest) {

  /** Both together. */
  DroppedRecords plus(DroppedRecords other) {
    return new DroppedRecords(
        through.compareTo(other.through) >= 0 ? through : other.through,
        rows + other.rows,
        skipped + other.skipped,
        digest.plus(other.digest));
  }
}
