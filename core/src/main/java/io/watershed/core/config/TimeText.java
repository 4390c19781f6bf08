package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/** Times as people type them: RFC 3339, a date (midnight UTC), or how long {@code ago}. */
public final class TimeText {
  private static final Pattern AGO = Pattern.compile("\\s+ago$");

  private TimeText() {}

  /**
   * Parses {@code 2026-11-23T10:00:00Z}, {@code 2026-11-23}, {@code 2h}, {@code "2h ago"}, {@code
   * now}.
   *
   * @throws WatershedException {@code usage}
   */
  public static Instant parse(String text, InstantSource clock) {
    String stripped = text.strip();
    if (stripped.equals("now")) {
      return clock.instant();
    }
    try {
      return stripped.length() == 10
          ? LocalDate.parse(stripped).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(stripped).toInstant();
    } catch (DateTimeParseException notAPointInTime) {
      try {
        // To the millisecond, as arrival times are.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return now.minus(DurationText.parse(AGO.matcher(stripped).replaceFirst("")));
      } catch (WatershedException notADuration) {
        throw new WatershedException(
            ErrorCode.USAGE,
            "'" + text + "' is not a time",
            "Write RFC 3339 (2026-11-23T10:00:00Z), a date in UTC (2026-11-23), or how long ago"
                + " (2h).",
            notADuration);
      }
    }
  }
}
