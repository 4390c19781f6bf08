package io.watershed.archive;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a shard is about to lose data, without flickering: it is raised when loss is near, and
 * cleared when loss was clearly further away for a while. One step at a time.
 */
final class TrimAlarm {
  /** While it is raised, it is repeated this often. */
  private static final Duration REPEAT = Duration.ofMinutes(10);

  /** It is cleared when loss is this many times as far away as it is raised at... */
  private static final double CLEAR_FACTOR = 1.5;

  /** ... for this long. */
  private static final Duration CLEAR_AFTER = Duration.ofMinutes(2);

  /** What a look came to. */
  enum Change {
    NONE,
    RAISED,
    REPEATED,
    CLEARED
  }

  private boolean raised;
  private Instant saidAt = Instant.MIN;
  private @Nullable Instant fineSince;

  boolean isRaised() {
    return raised;
  }

  /**
   * Looks at a forecast.
   *
   * @param limit raised when data would be lost sooner than this
   */
  Change look(TrimForecast forecast, Duration limit, Instant now) {
    if (isWithin(forecast, limit)) {
      return alarm(now);
    }
    return raised ? calm(forecast, limit, now) : Change.NONE;
  }

  private Change alarm(Instant now) {
    fineSince = null;
    Change change = raised ? Change.REPEATED : Change.RAISED;
    if (raised && now.isBefore(saidAt.plus(REPEAT))) {
      return Change.NONE;
    }
    raised = true;
    saidAt = now;
    return change;
  }

  private Change calm(TrimForecast forecast, Duration limit, Instant now) {
    Duration far = Duration.ofMillis((long) (limit.toMillis() * CLEAR_FACTOR));
    if (isWithin(forecast, far) || forecast.speed().isEmpty()) {
      fineSince = null;
      return Change.NONE;
    }
    if (fineSince == null) {
      fineSince = now;
    }
    if (now.isBefore(fineSince.plus(CLEAR_AFTER))) {
      return Change.NONE;
    }
    raised = false;
    return Change.CLEARED;
  }

  private static boolean isWithin(TrimForecast forecast, Duration limit) {
    return forecast.lossIn().filter(left -> left.compareTo(limit) <= 0).isPresent();
  }
}
