package io.watershed.cli.demo;

import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Looks, now and then, at what each stream has and how much of it is archived. */
final class DemoStatus {
  private final Reservoir reservoir;
  private final Map<String, Look> last = new HashMap<>();

  DemoStatus(Reservoir reservoir) {
    this.reservoir = reservoir;
  }

  /** What one look saw. */
  private record Look(Instant at, long put, double rate) {}

  /** Records that the stream's checkpoints count. */
  long archived(String stream) {
    return reservoir.find(stream).map(ArchiveTable::load).map(DemoStatus::rows).orElse(0L);
  }

  /** When the stream's last commit was made; EPOCH if there is none. */
  Instant lastCommit(String stream) {
    return reservoir
        .find(stream)
        .map(ArchiveTable::load)
        .map(TableState::snapshotTime)
        .orElse(Instant.EPOCH);
  }

  /** Recorded gaps. */
  long gaps(String stream) {
    return reservoir.find(stream).map(table -> (long) table.load().gaps().size()).orElse(0L);
  }

  String[] lines(List<Producer> producers, Instant now) {
    return producers.stream().map(producer -> line(producer, now)).toArray(String[]::new);
  }

  private String line(Producer producer, Instant now) {
    String stream = producer.stream();
    long put = producer.acknowledged();
    Optional<TableState> state = reservoir.find(stream).map(ArchiveTable::load);
    long archived = state.map(DemoStatus::rows).orElse(0L);
    double rate = rate(stream, put, now);
    String commit =
        state
            .map(TableState::snapshotTime)
            .filter(time -> time.isAfter(Instant.EPOCH))
            .map(time -> Math.max(0, Duration.between(time, now).toMillis()) / 1000.0)
            .map(age -> String.format(Locale.ROOT, "last commit %.1f s ago", age))
            .orElse("nothing committed yet");
    return String.format(
        Locale.ROOT,
        "%-7s %,9d records  %,5.0f/s   archived %,9d   live %,6d   %s",
        stream,
        put,
        rate,
        archived,
        Math.max(0, put - archived),
        commit);
  }

  private static long rows(TableState state) {
    return state.checkpoints().values().stream().mapToLong(ShardCheckpoint::rows).sum();
  }

  private double rate(String stream, long put, Instant now) {
    Look before = last.get(stream);
    if (before == null) {
      last.put(stream, new Look(now, put, 0));
      return 0;
    }
    double seconds = Duration.between(before.at(), now).toMillis() / 1000.0;
    if (seconds < 0.9) {
      return before.rate();
    }
    double rate = (put - before.put()) / seconds;
    last.put(stream, new Look(now, put, rate));
    return rate;
  }
}
