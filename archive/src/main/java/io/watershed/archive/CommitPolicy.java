package io.watershed.archive;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a commit is due. Age and size trade off: a record waits for the whole interval while little
 * is in hand, and the less the more there is, down to nothing at the target size. At a steady rate
 * r a commit comes every {@code interval / (1 + interval * r / target)}: a quiet stream makes a
 * small file an interval, a busy one files of the target size, and no record ever waits longer than
 * the interval. Pure.
 *
 * @param interval the longest that a record waits
 * @param targetBytes in hand, at which nothing waits
 * @param pressedBytes in hand, at which nothing waits while reading stands still for lack of memory
 */
record CommitPolicy(Duration interval, long targetBytes, long pressedBytes) {
  /** News of the lineage and gaps are few, and somebody may be waiting to see them. */
  private static final Duration NEWS_INTERVAL = Duration.ofSeconds(10);

  /**
   * What is in hand.
   *
   * @param bytes of records, in memory
   * @param recordsSince when the oldest of the records came; empty if there are none
   * @param newsSince the same of shards that came or ended, and of gaps
   * @param pressed whether reading stands still for lack of memory
   */
  record InHand(
      long bytes, Optional<Instant> recordsSince, Optional<Instant> newsSince, boolean pressed) {}

  /** Whether it is time. */
  boolean isDue(InHand inHand, Instant now) {
    return inHand.bytes() >= targetBytes
        || (inHand.pressed() && inHand.bytes() >= pressedBytes)
        || hasWaited(inHand.recordsSince(), patience(inHand.bytes()), now)
        || hasWaited(inHand.newsSince(), newsPatience(), now);
  }

  /** How long the oldest record may wait when so much is in hand. */
  Duration patience(long bytes) {
    double left = 1 - Math.min(1.0, (double) bytes / targetBytes);
    return Duration.ofMillis((long) (interval.toMillis() * left));
  }

  private Duration newsPatience() {
    return interval.compareTo(NEWS_INTERVAL) < 0 ? interval : NEWS_INTERVAL;
  }

  private static boolean hasWaited(Optional<Instant> since, Duration patience, Instant now) {
    return since.isPresent() && !now.isBefore(since.get().plus(patience));
  }
}
