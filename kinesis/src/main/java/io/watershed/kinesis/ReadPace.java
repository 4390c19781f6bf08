package io.watershed.kinesis;

import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.record.StreamRecord;
import java.time.Duration;

/**
 * When the next read of a shard may start: reads a second, less often while nothing arrives, and,
 * for a minute after a throttle, the bytes a second that the service grants. Pure.
 */
final class ReadPace {
  /** What a shard gives in a second; enforced only by services that throttle. */
  private static final double BYTES_PER_SECOND = 2_000_000;

  private static final long HEED_BYTES_NANOS = Duration.ofMinutes(1).toNanos();

  private final long readNanos;
  private final Duration minIdle;
  private final Duration maxIdle;
  private boolean started;
  private long lastReadNanos;
  private long waitNanos;
  private long idleNanos;
  private boolean heedBytes;
  private long heedBytesSince;

  ReadPace(ShardReadSettings settings) {
    readNanos = (long) (1e9 / settings.maxReadsPerSecond());
    minIdle = settings.minIdleDelay();
    maxIdle = settings.maxIdleDelay();
  }

  Duration delay(long nowNanos) {
    if (!started) {
      return Duration.ZERO;
    }
    return Duration.ofNanos(Math.max(readNanos, waitNanos) - (nowNanos - lastReadNanos));
  }

  void reading(long nowNanos) {
    started = true;
    lastReadNanos = nowNanos;
    heedBytes = heedBytes && nowNanos - heedBytesSince < HEED_BYTES_NANOS;
  }

  void throttled(long nowNanos) {
    heedBytes = true;
    heedBytesSince = nowNanos;
  }

  void answered(ReadBatch batch) {
    if (!batch.records().isEmpty() || !batch.atTip()) {
      idleNanos = 0;
      waitNanos = heedBytes ? (long) (bytes(batch) / BYTES_PER_SECOND * 1e9) : 0;
      return;
    }
    idleNanos =
        idleNanos == 0
            ? minIdle.toNanos()
            : Math.min(maxIdle.toNanos(), Math.max(1, idleNanos) * 2);
    waitNanos = idleNanos;
  }

  private static long bytes(ReadBatch batch) {
    long bytes = 0;
    for (StreamRecord record : batch.records()) {
      bytes += record.payload().length;
    }
    return bytes;
  }
}
