package io.watershed.kinesis;

import io.watershed.core.config.OrderedWriteSettings;

/**
 * When the next request may be sent, and how large it may be: a share of what the target's open
 * shards take, less while it throttles, back to the share within some seconds. Pure; times are
 * nanoseconds of one monotonic clock.
 *
 * <p>Limits: https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
 */
final class WritePace {
  private static final double SHARD_RECORDS_PER_SECOND = 1_000;
  private static final double SHARD_BYTES_PER_SECOND = 1_000_000;

  /** A request carries at most what this much time allows, so that the target sees no bursts. */
  private static final double QUANTUM_SECONDS = 0.1;

  private static final double SLOWER = 0.8;
  private static final double SLOWEST = 0.05;
  private static final double RECOVERY_PER_SECOND = 0.05;
  private static final long SLOWER_INTERVAL_NANOS = 200_000_000;

  private final OrderedWriteSettings settings;
  private int openShards;
  private boolean started;
  private long nextNanos;
  private double factor = 1;
  private long slowedNanos;
  private long recoveredNanos;

  WritePace(OrderedWriteSettings settings, int openShards) {
    this.settings = settings;
    this.openShards = openShards;
  }

  void openShards(int count) {
    openShards = Math.max(1, count);
  }

  /** Records a second, now. */
  double recordsPerSecond() {
    return factor
        * Math.min(
            settings.maxRecordsPerSecond().orElse(Double.POSITIVE_INFINITY),
            settings.quotaShare() * openShards * SHARD_RECORDS_PER_SECOND);
  }

  double bytesPerSecond() {
    return factor
        * Math.min(
            settings.maxBytesPerSecond().orElse(Double.POSITIVE_INFINITY),
            settings.quotaShare() * openShards * SHARD_BYTES_PER_SECOND);
  }

  /** How long to wait before the next request; 0 or less if it may go now. */
  long waitNanos(long nowNanos) {
    recover(nowNanos);
    return started ? nextNanos - nowNanos : 0;
  }

  int maxRecords() {
    double quantum = recordsPerSecond() * QUANTUM_SECONDS;
    return (int) Math.max(1, Math.min(settings.maxRecordsPerRequest(), quantum));
  }

  long maxBytes() {
    double quantum = bytesPerSecond() * QUANTUM_SECONDS;
    return (long) Math.max(1, Math.min(settings.maxBytesPerRequest(), quantum));
  }

  void sent(long nowNanos, int records, long bytes) {
    double seconds = Math.max(records / recordsPerSecond(), bytes / bytesPerSecond());
    // Being a little late is made up for; being idle is not.
    long earliest = nowNanos - (long) (QUANTUM_SECONDS * 1e9);
    long from = started && nextNanos - earliest > 0 ? nextNanos : started ? earliest : nowNanos;
    nextNanos = from + (long) (seconds * 1e9);
    started = true;
  }

  void throttled(long nowNanos) {
    recover(nowNanos);
    if (factor == 1 || nowNanos - slowedNanos >= SLOWER_INTERVAL_NANOS) {
      factor = Math.max(SLOWEST, factor * SLOWER);
      slowedNanos = nowNanos;
      recoveredNanos = nowNanos;
    }
  }

  private void recover(long nowNanos) {
    if (factor < 1) {
      double seconds = (nowNanos - recoveredNanos) / 1e9;
      factor = Math.min(1, factor + seconds * RECOVERY_PER_SECOND);
      recoveredNanos = nowNanos;
    }
  }
}
