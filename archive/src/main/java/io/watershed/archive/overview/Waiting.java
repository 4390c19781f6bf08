package io.watershed.archive.overview;

import java.time.Duration;
import java.util.Optional;

/**
 * What a shard holds that is not archived.
 *
 * @param records how many records one small read found
 * @param more whether there are more than that
 * @param lag the age of the oldest of them; empty if there is none
 * @param timeToTrim the time until the stream trims the oldest of them, if nobody archives it
 *     before; empty if there is none. Zero or less: it may be gone already
 * @param problem why the shard could not be read; the other values then say nothing
 */
public record Waiting(
    long records,
    boolean more,
    Optional<Duration> lag,
    Optional<Duration> timeToTrim,
    Optional<String> problem) {
  static Waiting unreadable(String problem) {
    return new Waiting(0, true, Optional.empty(), Optional.empty(), Optional.of(problem));
  }
}
