package io.watershed.core.checkpoint;

import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.Shard;
import java.time.Instant;
import java.util.Optional;

/**
 * One shard's checkpoint (PROTOCOL 2.1). Cumulative since the shard's start, so that {@code verify}
 * can compare it with the sums in the files' footers.
 *
 * @param shard identity and lineage
 * @param after how far it is archived
 * @param completeThrough the last time a read reached the tip, or until then a lower bound (the
 *     shard's creation, its parents' tip); empty if neither is known
 * @param rows records archived
 * @param skipped records read but, as replayed ones that the archive already has, not archived
 * @param digest sum over the archived records
 * @param lastArrival arrival time of the record at {@code after}: tells a checkpoint that grew
 *     older than the retention, as on an idle shard, from one that was trimmed early; empty if
 *     unknown
 */
public record ShardCheckpoint(
    Shard shard,
    After after,
    Optional<Instant> completeThrough,
    long rows,
    long skipped,
    RecordDigest digest,
    Optional<Instant> lastArrival) {

  /** A checkpoint whose last record's arrival time is not known. */
  public ShardCheckpoint(
      Shard shard,
      After after,
      Optional<Instant> completeThrough,
      long rows,
      long skipped,
      RecordDigest digest) {
    this(shard, after, completeThrough, rows, skipped, digest, Optional.empty());
  }

  /** The checkpoint of a shard of which nothing is archived. */
  public static ShardCheckpoint start(Shard shard) {
    return new ShardCheckpoint(shard, new After.Start(), Optional.empty(), 0, 0, RecordDigest.ZERO);
  }

  /** The shard. */
  public ShardKey key() {
    return shard.key();
  }
}
