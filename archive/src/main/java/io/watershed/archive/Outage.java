package io.watershed.archive;

import io.watershed.core.config.ArchiveSettings.Outages;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Failures in a row: how long to pause before the next attempt, and when to give up. Any success
 * ends it.
 */
final class Outage {
  private static final int MAX_DOUBLINGS = 20;

  private final Duration firstPause;
  private final Duration longestPause;
  private @Nullable Instant since;
  private int failures;

  Outage(Outages settings) {
    this.firstPause = settings.firstPause();
    this.longestPause = settings.longestPause();
  }

  /**
   * Notes a failure.
   *
   * @param limit how long failures may last
   * @return the pause before the next attempt; empty when the limit is reached
   */
  Optional<Duration> failed(Instant now, Duration limit) {
    if (since == null) {
      since = now;
    }
    failures++;
    if (lasting(now).compareTo(limit) >= 0) {
      return Optional.empty();
    }
    Duration pause = firstPause.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
    return Optional.of(pause.compareTo(longestPause) < 0 ? pause : longestPause);
  }

  /** Notes a success; how many failures it ended. */
  int succeeded() {
    int ended = failures;
    since = null;
    failures = 0;
    return ended;
  }

  /** Failures since the last success. */
  int failures() {
    return failures;
  }

  /** How long it lasts. */
  Duration lasting(Instant now) {
    return since == null ? Duration.ZERO : Duration.between(since, now);
  }
}
