package io.watershed.server;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Times in answers: RFC 3339, and seconds. */
public final class JsonTime {
  private static final double MILLIS = 1e3;

  private JsonTime() {}

  /** The time, or null. */
  public static @Nullable String text(Optional<Instant> time) {
    return time.map(Instant::toString).orElse(null);
  }

  /** The seconds, or null. */
  public static @Nullable Double seconds(Optional<Duration> duration) {
    return duration.map(d -> d.toMillis() / MILLIS).orElse(null);
  }
}
