package io.watershed.core.config;

import java.time.Duration;

/**
 * How a writer measures what others write to the shards of its target. A sample costs one
 * GetRecords call and the bytes written during its window, both of which the stream's consumers
 * share.
 *
 * @param sampleWindow how long a shard is watched
 * @param settleTime how long after that the writer's own answers may still come; what is not known
 *     to be its own by then counts as others'
 * @param sampleInterval the shortest time from one sample of a shard to the next
 * @param maxSamples shards watched at once
 */
public record TrafficSettings(
    Duration sampleWindow, Duration settleTime, Duration sampleInterval, int maxSamples) {

  /** A second of every 15, of up to 16 shards at once: at most 4 % of what consumers may read. */
  public static final TrafficSettings DEFAULTS =
      new TrafficSettings(
          Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofSeconds(15), 16);

  public TrafficSettings {
    if (sampleWindow.isNegative() || sampleWindow.isZero() || settleTime.isNegative()) {
      throw new IllegalArgumentException("a sample needs time");
    }
    if (sampleInterval.compareTo(sampleWindow.multipliedBy(4)) < 0) {
      throw new IllegalArgumentException("sampleInterval: at least four windows");
    }
    if (maxSamples < 1) {
      throw new IllegalArgumentException("maxSamples must be above 0");
    }
  }
}
