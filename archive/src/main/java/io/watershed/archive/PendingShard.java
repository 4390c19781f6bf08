package io.watershed.archive;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the archiver holds of one shard beyond its checkpoint, as a value: for the commit, and for
 * statements that want records before they are committed. It answers for positions above {@code
 * low} up to {@code high}, and for those only (PROTOCOL 5.4).
 *
 * @param shard the shard
 * @param low exclusive: the checkpoint of the last commit
 * @param high inclusive: the last position read; empty if nothing was ever read of the shard
 * @param drained the shard was read to its end
 * @param tipAskedAt when the last read was asked for that reached the tip: what had arrived by then
 *     is not above {@code high}. Empty if none did, or the shard is closed
 * @param batches in order
 */
public record PendingShard(
    ShardKey shard,
    After low,
    Optional<ShardPosition> high,
    boolean drained,
    Optional<Instant> tipAskedAt,
    List<PendingBatch> batches) {
  public PendingShard {
    batches = List.copyOf(batches);
  }

  /** The records in (low, high], in shard order. */
  public Stream<StreamRecord> records() {
    return batches.stream().flatMap(batch -> batch.records().stream());
  }

  /** How many records it holds. */
  public long recordCount() {
    return batches.stream().mapToLong(batch -> batch.records().size()).sum();
  }
}
