package io.watershed.kinesis;

import io.watershed.kinesis.TargetTraffic.Rate;
import java.util.Optional;

/**
 * How much a writer allows itself on one shard of its target: a share of the quota, at most what
 * others leave with a margin, less while the shard throttles (multiplicative decrease), and back
 * again bit by bit (additive increase). Immutable: each event gives the next state. Times are
 * nanoseconds of one monotonic clock. Reasons: docs/decisions/0009-replay-pace.md.
 *
 * <p>Quota: https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
 *
 * @param share of the quota to use at most; infinite for no pace at all
 * @param measured whether what others write is asked for; until it is known, little is allowed
 * @param others what they write, if known
 * @param factor 1, or less after throttles
 * @param slowedNanos when it last slowed down
 * @param changedNanos when the factor last changed
 */
record ShardRate(
    double share,
    boolean measured,
    Optional<Rate> others,
    double factor,
    long slowedNanos,
    long changedNanos) {
  static final double QUOTA_RECORDS_PER_SECOND = 1_000;
  static final double QUOTA_BYTES_PER_SECOND = 1_000_000;

  /** Left free beside what others write, as a part of the quota; never more than they write. */
  private static final double MARGIN = 0.1;

  /** Allowed until it is known what others write. */
  private static final double UNMEASURED = 0.1;

  /** Allowed even where others leave nothing, so that a run ends some day. */
  private static final double LEAST = 0.01;

  private static final double SLOWER = 0.8;
  private static final double SLOWEST = 0.05;
  private static final double RECOVERY_PER_SECOND = 0.05;
  private static final long SLOWER_INTERVAL_NANOS = 200_000_000;

  static ShardRate start(double share, boolean measured, long nowNanos) {
    return new ShardRate(share, measured, Optional.empty(), 1, nowNanos, nowNanos);
  }

  /** The shard refused records. Several refusals of one moment count once. */
  ShardRate throttled(long nowNanos) {
    ShardRate now = at(nowNanos);
    if (now.factor < 1 && nowNanos - slowedNanos < SLOWER_INTERVAL_NANOS) {
      return now;
    }
    double slower = Math.max(SLOWEST, now.factor * SLOWER);
    return new ShardRate(share, measured, others, slower, nowNanos, nowNanos);
  }

  /** Time has passed: recovers a little. */
  ShardRate at(long nowNanos) {
    if (factor >= 1) {
      return this;
    }
    double seconds = (nowNanos - changedNanos) / 1e9;
    double recovered = Math.min(1, factor + seconds * RECOVERY_PER_SECOND);
    return new ShardRate(share, measured, others, recovered, slowedNanos, nowNanos);
  }

  /** A sample of what others write: more is believed at once, less by halves. */
  ShardRate sampled(Rate sample) {
    Rate believed = others.map(before -> between(before, sample)).orElse(sample);
    return new ShardRate(share, true, Optional.of(believed), factor, slowedNanos, changedNanos);
  }

  /** What others write cannot be known: only the share and the throttles count. */
  ShardRate unmeasurable() {
    return new ShardRate(share, false, Optional.empty(), factor, slowedNanos, changedNanos);
  }

  double recordsPerSecond() {
    return factor * allowed(QUOTA_RECORDS_PER_SECOND, others.map(Rate::recordsPerSecond));
  }

  double bytesPerSecond() {
    return factor * allowed(QUOTA_BYTES_PER_SECOND, others.map(Rate::bytesPerSecond));
  }

  private double allowed(double quota, Optional<Double> live) {
    double bound = share * quota;
    if (Double.isInfinite(share) || !measured) {
      return bound;
    }
    if (live.isEmpty()) {
      return Math.min(bound, UNMEASURED * quota);
    }
    double left = quota - live.get() - Math.min(live.get(), MARGIN * quota);
    return Math.min(bound, Math.max(LEAST * quota, left));
  }

  private static Rate between(Rate before, Rate sample) {
    return new Rate(
        falling(before.recordsPerSecond(), sample.recordsPerSecond()),
        falling(before.bytesPerSecond(), sample.bytesPerSecond()));
  }

  private static double falling(double before, double sample) {
    return sample >= before ? sample : (before + sample) / 2;
  }
}
