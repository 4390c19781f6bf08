package io.watershed.archive;

import io.watershed.core.config.DataSize;
import io.watershed.core.config.DurationText;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Where a shard's reader stands between the tip and the trim horizon, and where it is going. The
 * horizon moves one second a second; a reader that takes less than a second of the stream a second
 * is overtaken.
 *
 * @param lag how far the reader is behind the tip, in time
 * @param margin how far it is ahead of the trim horizon; zero when it was overtaken
 * @param speed seconds of the stream read a second: below 1 it falls behind; empty while too little
 *     was seen
 * @param bytesPerSecond payload bytes read a second, lately
 * @param neededBytesPerSecond payload bytes a second at which it would neither catch up nor fall
 *     behind; empty if nothing was read yet
 * @param lossIn when data is lost at this speed; empty if never, or the speed is not known
 * @param caughtUpIn when the tip is reached at this speed; empty if never, or it is not known
 */
public record TrimForecast(
    Duration lag,
    Duration margin,
    OptionalDouble speed,
    double bytesPerSecond,
    OptionalDouble neededBytesPerSecond,
    Optional<Duration> lossIn,
    Optional<Duration> caughtUpIn) {

  /**
   * Works it out.
   *
   * @param retention of the stream
   */
  static TrimForecast of(
      Duration lag,
      Duration retention,
      OptionalDouble speed,
      double bytesPerSecond,
      OptionalDouble neededBytesPerSecond) {
    Duration left = retention.minus(lag);
    Duration margin = left.isNegative() ? Duration.ZERO : left;
    return new TrimForecast(
        lag,
        margin,
        speed,
        bytesPerSecond,
        neededBytesPerSecond,
        speed.isPresent() ? after(margin, 1 - speed.getAsDouble()) : Optional.empty(),
        speed.isPresent() ? after(lag, speed.getAsDouble() - 1) : Optional.empty());
  }

  /** When this distance is used up at this speed. */
  private static Optional<Duration> after(Duration distance, double speed) {
    double millis = distance.toMillis() / speed;
    return speed > 0 && millis < Long.MAX_VALUE
        ? Optional.of(Duration.ofMillis((long) millis))
        : Optional.empty();
  }

  /** For a person: what will happen to the shard, and what would help. */
  public String sentence(String shardId) {
    StringBuilder text = new StringBuilder();
    if (lossIn.isPresent()) {
      text.append("at this rate ").append(shardId).append(" loses data in ");
      text.append(rounded(lossIn.get())).append("; it");
    } else {
      text.append(shardId);
    }
    text.append(" is ").append(rounded(lag)).append(" behind");
    if (bytesPerSecond < 1) {
      text.append(" and reads nothing");
    } else {
      text.append(", reads ").append(rate(bytesPerSecond));
      neededBytesPerSecond.ifPresent(
          needed ->
              text.append(lossIn.isPresent() ? " and would need " : "; it needs ")
                  .append(rate(needed)));
    }
    return text.toString();
  }

  private static String rounded(Duration duration) {
    boolean isLong = duration.compareTo(Duration.ofMinutes(10)) > 0;
    return DurationText.format(
        duration.truncatedTo(isLong ? ChronoUnit.MINUTES : ChronoUnit.SECONDS));
  }

  private static String rate(double bytesPerSecond) {
    return new DataSize((long) bytesPerSecond).approximate() + "/s";
  }
}
