package io.watershed.core.hottail;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.util.List;
import java.util.Optional;

/**
 * What an archiver holds of one shard: every record in (low, high], and nothing else.
 *
 * @param shard the shard
 * @param low exclusive: the archiver's checkpoint
 * @param high inclusive: the last position that it has read
 * @param drained the shard is closed, and {@code high} is its end
 * @param records in shard order, as the stream gave them: replayed copies are among them
 */
public record HotShard(
    ShardKey shard, After low, ShardPosition high, boolean drained, List<StreamRecord> records) {
  public HotShard {
    records = List.copyOf(records);
  }

  /**
   * The records after a snapshot's checkpoint, up to {@code high}; empty unless {@code low <=
   * checkpoint <= high} (PROTOCOL 5.4). Below low there are records that were let go since they are
   * committed; above high the archiver knows less than the snapshot.
   *
   * @param checkpoint of the snapshot that the statement has pinned
   */
  public Optional<List<StreamRecord>> after(After checkpoint) {
    if (checkpoint.isEnd() || !reachesDownTo(checkpoint) || !reachesUpTo(checkpoint)) {
      return Optional.empty();
    }
    return Optional.of(
        records.stream().filter(record -> !checkpoint.covers(record.position())).toList());
  }

  private boolean reachesDownTo(After checkpoint) {
    return low.lastPosition().map(checkpoint::covers).orElse(true);
  }

  private boolean reachesUpTo(After checkpoint) {
    After whole = new After.At(high);
    return checkpoint.lastPosition().map(whole::covers).orElse(true);
  }
}
