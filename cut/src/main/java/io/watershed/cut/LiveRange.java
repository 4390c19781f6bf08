package io.watershed.cut;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.table.TableState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One shard's live part of a cut, as positions: what another process reads the stream by, and what
 * it checks its read by (PROTOCOL 5.6).
 *
 * @param shard the shard
 * @param after exclusive: how far the shard is archived; the start, or a position
 * @param completeThrough of its checkpoint, as {@link ShardCheckpoint#completeThrough}
 * @param lastArrival of its checkpoint, as {@link ShardCheckpoint#lastArrival}
 * @param through inclusive: where the cut ends
 * @param rows how many records that are, copies of archived ones left out unless they are kept
 * @param bytes their payloads
 * @param digest the sum over these records
 */
public record LiveRange(
    ShardKey shard,
    After after,
    Optional<Instant> completeThrough,
    Optional<Instant> lastArrival,
    ShardPosition through,
    long rows,
    long bytes,
    RecordDigest digest) {

  /** Whether a statement that needs no more than this can need a record of the range. */
  public boolean mayBeNeeded(LiveNeed need) {
    Optional<SequenceNumber> first = after.lastPosition().map(ShardPosition::sequenceNumber);
    return need.needs(shard)
        && (first.isEmpty()
            || need.last(shard).filter(last -> last.compareTo(first.get()) < 0).isEmpty());
  }

  /** The ranges of a stream's live records; shards without any are left out. */
  public static List<LiveRange> of(ResolvedStream stream) {
    TreeMap<ShardKey, List<StreamRecord>> byShard = new TreeMap<>();
    for (StreamRecord record : stream.live()) {
      byShard.computeIfAbsent(record.shard(), shard -> new ArrayList<>()).add(record);
    }
    List<LiveRange> ranges = new ArrayList<>();
    byShard.forEach((shard, records) -> ranges.add(of(stream, shard, records)));
    return ranges;
  }

  private static LiveRange of(ResolvedStream stream, ShardKey shard, List<StreamRecord> records) {
    Optional<ShardCheckpoint> checkpoint =
        stream
            .state()
            .map(TableState::checkpoints)
            .flatMap(all -> Optional.ofNullable(all.get(shard)));
    PinnedShard pinned = stream.pinned().shards().get(shard);
    if (pinned == null) {
      throw new IllegalStateException("a live record of a shard that the cut does not have");
    }
    long bytes = 0;
    RecordDigest digest = RecordDigest.ZERO;
    for (StreamRecord record : records) {
      bytes += record.payload().length;
      digest = digest.plus(RecordDigest.of(record));
    }
    return new LiveRange(
        shard,
        checkpoint.map(ShardCheckpoint::after).orElse(new After.Start()),
        checkpoint.flatMap(ShardCheckpoint::completeThrough),
        checkpoint.flatMap(ShardCheckpoint::lastArrival),
        pinned.through().position().orElseThrow(),
        records.size(),
        bytes,
        digest);
  }
}
