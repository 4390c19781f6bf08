package io.watershed.core.checkpoint;

import io.watershed.core.record.ShardKey;
import java.time.Instant;
import java.util.Optional;

/**
 * A range that the stream trimmed before it was archived, or may have (PROTOCOL 2.3). Sequence
 * numbers have no density, so a gap is bounded by time and by the positions around it, and no count
 * of lost records can be given.
 *
 * @param shard the shard
 * @param afterPosition text of the last archived position before it, or {@link #START}
 * @param from everything that arrived up to here is archived; empty if unknown
 * @param until the trim horizon's time when the gap was found; empty if unknown
 * @param reason {@code trimmed}, {@code shard-vanished} or {@code parent-vanished}
 * @param detectedAt when the archiver found it
 */
public record Gap(
    ShardKey shard,
    String afterPosition,
    Optional<Instant> from,
    Optional<Instant> until,
    String reason,
    Instant detectedAt) {
  /** {@link #afterPosition()} of a shard of which nothing is archived. */
  public static final String START = "START";
}
