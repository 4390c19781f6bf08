package io.watershed.archive;

import io.watershed.core.config.ArchiveSettings.Fences;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/**
 * Counts encounters with another archiver (PROTOCOL 3.8). A commit of ours does not clear the
 * count: two archivers that commit in turn would go on for ever. Only time does.
 */
final class FenceWatch {
  private final Fences settings;
  private final ArrayDeque<Instant> encounters = new ArrayDeque<>();
  private int total;

  FenceWatch(Fences settings) {
    this.settings = settings;
  }

  /** Notes an encounter. */
  void encountered(Instant now) {
    encounters.addLast(now);
    total++;
    while (encounters.getFirst().isBefore(now.minus(settings.window()))) {
      encounters.removeFirst();
    }
  }

  /** Whether it is time to give up. */
  boolean isExhausted() {
    return encounters.size() >= settings.limit();
  }

  /** How long to stand back: longer with each encounter. */
  Duration backoff() {
    int doublings = Math.min(Math.max(encounters.size() - 1, 0), 4);
    return settings.backoff().multipliedBy(1L << doublings);
  }

  /** Encounters of this run. */
  int total() {
    return total;
  }
}
