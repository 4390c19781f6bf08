package io.watershed.query.follow;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ReplayedCopies;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.table.TableState;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Replayed records that come back to their own stream: left out by the archiver's own rule
 * (PROTOCOL 6.7). The rule asks the archive's checkpoints, which move on; they are loaded again
 * when a replayed record is beyond those that are known, but not for each of them. Not thread-safe.
 */
final class Copies {
  private static final Duration LOAD_INTERVAL = Duration.ofSeconds(1);

  private final Supplier<Optional<TableState>> load;
  private final LongSupplier nanoTime;
  private Map<ShardKey, ShardCheckpoint> checkpoints = Map.of();
  private boolean loaded;
  private long loadedNanos;

  Copies(Supplier<Optional<TableState>> load, LongSupplier nanoTime) {
    this.load = load;
    this.nanoTime = nanoTime;
  }

  boolean isCopy(StreamRecord record) {
    if (record.isCopy()) {
      return true;
    }
    if (!ReplayedCopies.isReplayed(record.payload())) {
      return false;
    }
    if (isCovered(record)) {
      return true;
    }
    long now = nanoTime.getAsLong();
    if (loaded && now - loadedNanos < LOAD_INTERVAL.toNanos()) {
      return false;
    }
    loaded = true;
    loadedNanos = now;
    checkpoints =
        load.get().<Map<ShardKey, ShardCheckpoint>>map(TableState::checkpoints).orElse(checkpoints);
    return isCovered(record);
  }

  private boolean isCovered(StreamRecord record) {
    return ReplayedCopies.isCopyOfArchived(record.payload(), this::after);
  }

  private Optional<After> after(ShardKey shard) {
    return Optional.ofNullable(checkpoints.get(shard)).map(ShardCheckpoint::after);
  }
}
