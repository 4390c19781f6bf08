package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 30s}, {@code 1h30m}, {@code 7d}. */
public final class DurationText {
  /** What {@link #parse} accepts, as a regular expression that JSON Schema understands too. */
  public static final String PATTERN = "^([0-9]{1,12} ?(ms|s|m|h|d) ?)+$";

  private static final Pattern WHOLE = Pattern.compile("(?:[0-9]{1,12} ?(?:ms|s|m|h|d) ?)+");
  private static final Pattern PART = Pattern.compile("([0-9]+) ?(ms|s|m|h|d)");

  private DurationText() {}

  /**
   * Parses one or more numbers with units, summed up. A day is 24 hours.
   *
   * @throws WatershedException {@code invalid-input}
   */
  public static Duration parse(String text) {
    String stripped = text.strip();
    if (!WHOLE.matcher(stripped).matches()) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "'" + text + "' is not a duration",
          "Write a number and a unit: 500ms, 30s, 5m, 12h, 7d, or several such as 1h30m.");
    }
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(stripped);
    while (part.find()) {
      sum = sum.plus(of(Long.parseLong(part.group(1)), part.group(2)));
    }
    return sum;
  }

  /** The shortest exact text, down to milliseconds: {@code 1h30m}, {@code 7d}, {@code 0s}. */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    millis = append(text, millis, 86_400_000L, "d");
    millis = append(text, millis, 3_600_000L, "h");
    millis = append(text, millis, 60_000L, "m");
    millis = append(text, millis, 1_000L, "s");
    append(text, millis, 1L, "ms");
    return text.toString();
  }

  private static long append(StringBuilder text, long millis, long unit, String suffix) {
    if (millis >= unit) {
      text.append(millis / unit).append(suffix);
    }
    return millis % unit;
  }

  private static Duration of(long number, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
