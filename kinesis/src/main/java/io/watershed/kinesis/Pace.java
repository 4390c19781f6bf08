package io.watershed.kinesis;

/**
 * When the next records may be sent, and how many at once, at a rate that may change. Pure; times
 * are nanoseconds of one monotonic clock.
 */
final class Pace {
  /** Sent at once is at most what this much time allows, so that the target sees no bursts. */
  private static final double QUANTUM_SECONDS = 0.1;

  /** Being late by up to this much is made up for: a busy machine, a collection, a slow answer. */
  private static final double LATE_SECONDS = 0.25;

  private double recordsPerSecond;
  private double bytesPerSecond;
  private boolean started;
  private long nextNanos;

  Pace(double recordsPerSecond, double bytesPerSecond) {
    rate(recordsPerSecond, bytesPerSecond);
  }

  /** From now on this fast; both above 0, infinite for no bound. */
  void rate(double records, double bytes) {
    recordsPerSecond = records;
    bytesPerSecond = bytes;
  }

  double recordsPerSecond() {
    return recordsPerSecond;
  }

  /** How long to wait before the next are sent; 0 or less if they may go now. */
  long waitNanos(long nowNanos) {
    return started ? nextNanos - nowNanos : 0;
  }

  /** The most records to send at once: at least 1. */
  int maxRecords() {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, recordsPerSecond * QUANTUM_SECONDS));
  }

  /** The most bytes to send at once, unless it is one record: at least 1. */
  long maxBytes() {
    return (long) Math.max(1, Math.min((double) Long.MAX_VALUE, bytesPerSecond * QUANTUM_SECONDS));
  }

  void sent(long nowNanos, int records, long bytes) {
    double seconds = Math.max(records / recordsPerSecond, bytes / bytesPerSecond);
    // Being a little late is made up for; being idle is not.
    long earliest = nowNanos - (long) (LATE_SECONDS * 1e9);
    long from = started && nextNanos - earliest > 0 ? nextNanos : started ? earliest : nowNanos;
    nextNanos = from + (long) (seconds * 1e9);
    started = true;
  }
}
