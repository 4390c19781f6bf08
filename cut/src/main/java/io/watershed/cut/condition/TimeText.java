package io.watershed.cut.condition;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text that is surely a timestamp or a date.
 *
 * @param instant what it means as a timestamp with time zone, in UTC where it names no zone; of a
 *     date, its midnight
 * @param dateOnly whether it has no time of day
 * @param zoned whether it names a zone
 */
public record TimeText(Instant instant, boolean dateOnly, boolean zoned) {
  /** The forms that SQL and RFC 3339 share; at most microseconds, which is what a column has. */
  private static final Pattern TIME =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2})"
              + "(?:[ T](\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,6})?)?)(Z|[+-]\\d{2}(?::\\d{2})?)?)?");

  /** Reads a text; empty if what it means is not sure. */
  public static Optional<TimeText> of(String text) {
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      return Optional.empty();
    }
    boolean dateOnly = time.group(2) == null;
    boolean zoned = time.group(3) != null;
    try {
      LocalDate date = LocalDate.parse(time.group(1));
      LocalTime clock = dateOnly ? LocalTime.MIDNIGHT : LocalTime.parse(time.group(2));
      ZoneOffset offset = zoned ? ZoneOffset.of(time.group(3)) : ZoneOffset.UTC;
      Instant instant = OffsetDateTime.of(LocalDateTime.of(date, clock), offset).toInstant();
      return Optional.of(new TimeText(instant, dateOnly, zoned));
    } catch (DateTimeException e) {
      return Optional.empty(); // such as the 30th of February: the engine says so
    }
  }
}
