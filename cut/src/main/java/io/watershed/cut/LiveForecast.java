package io.watershed.cut;

import io.watershed.core.config.LiveReadSettings;
import io.watershed.reservoir.table.Append;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Estimates a live read before most of it is read (PROTOCOL 5.5). A shard's rate is that of its
 * first records or its share of the archive's, whichever is lower, and never more than a shard
 * takes in: a burst must not make a statement look hopeless that is not. Immutable.
 */
final class LiveForecast {
  /** What a shard delivers a second, to all of its readers together. */
  private static final double SHARD_BYTES_PER_SECOND = 2 << 20;

  /**
   * What a shard takes in a second
   * (https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html). Records that
   * came faster are a burst, or come from an endpoint without limits.
   */
  private static final double SHARD_WRITES_PER_SECOND = 1_000;

  private static final double SHARD_BYTES_WRITTEN_PER_SECOND = 1 << 20;

  /** Shorter histories say little about a rate. */
  private static final Duration SHORTEST_HISTORY = Duration.ofMinutes(1);

  private static final double MILLIS = 1_000;
  private static final double LONGEST_MILLIS = Duration.ofDays(10_000).toMillis();

  private final LiveReadSettings settings;
  private final OptionalDouble archivedPerSecond;

  /**
   * @param appends recent commits, oldest first
   */
  LiveForecast(LiveReadSettings settings, List<Append> appends) {
    this.settings = settings;
    this.archivedPerSecond = rate(appends);
  }

  private static OptionalDouble rate(List<Append> appends) {
    if (appends.isEmpty()) {
      return OptionalDouble.empty();
    }
    // What the first commit brought had arrived before it.
    long records = appends.stream().skip(1).mapToLong(Append::records).sum();
    Duration history =
        Duration.between(appends.get(0).time(), appends.get(appends.size() - 1).time());
    return history.compareTo(SHORTEST_HISTORY) < 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(records * MILLIS / history.toMillis());
  }

  /** The shards' first records alone. */
  static LiveEstimate known(List<Outlook> shards) {
    return new LiveEstimate(
        shards.stream().mapToLong(Outlook::records).sum(),
        shards.stream().mapToLong(Outlook::bytes).sum(),
        Duration.ZERO);
  }

  /** What follows the shards' first records. */
  LiveEstimate of(List<Outlook> shards) {
    LiveEstimate all = LiveEstimate.NOTHING;
    for (Outlook shard : shards) {
      all = all.beside(of(shard, shards.size()));
    }
    return all;
  }

  private LiveEstimate of(Outlook shard, int shards) {
    double records = rate(shard, shards) * shard.behind().toMillis() / MILLIS;
    double bytes = shard.records() == 0 ? 0 : records * shard.bytes() / shard.records();
    double calls = records / settings.recordsPerCall();
    double byCalls = calls * settings.minCallInterval().toMillis();
    double byBytes = bytes / SHARD_BYTES_PER_SECOND * MILLIS;
    long millis = (long) Math.min(LONGEST_MILLIS, Math.max(byCalls, byBytes));
    return new LiveEstimate((long) records, (long) bytes, Duration.ofMillis(millis));
  }

  /** Records a second; 0 if nothing is known. */
  private double rate(Outlook shard, int shards) {
    OptionalDouble own =
        shard.records() < 2 || shard.span().toMillis() <= 0
            ? OptionalDouble.empty()
            : OptionalDouble.of(
                Math.min((shard.records() - 1) * MILLIS / shard.span().toMillis(), most(shard)));
    OptionalDouble share =
        archivedPerSecond.isEmpty()
            ? OptionalDouble.empty()
            : OptionalDouble.of(archivedPerSecond.getAsDouble() / shards);
    if (own.isEmpty() || share.isEmpty()) {
      return own.orElse(share.orElse(0));
    }
    return Math.min(own.getAsDouble(), share.getAsDouble());
  }

  private static double most(Outlook shard) {
    double recordBytes = Math.max(1, (double) shard.bytes() / shard.records());
    return Math.min(SHARD_WRITES_PER_SECOND, SHARD_BYTES_WRITTEN_PER_SECOND / recordBytes);
  }
}
