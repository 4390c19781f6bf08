package io.watershed.query.format;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Result values as the numbers that a file format or protocol keeps them as. A value that does not
 * fit is an error that names the column, never another value.
 *
 * @param format its name, for errors
 */
public record ExactValues(String format) {
  /** Units of a time: so many a second. */
  public static final long MICROS = 1_000_000L;

  /** Units of a time: so many a second. */
  public static final long NANOS = 1_000_000_000L;

  /** Days since 1970-01-01. */
  public int epochDay(String column, Object value) {
    if (!(value instanceof LocalDate date)) {
      throw doesNotFit(column, "an infinite date");
    }
    return Math.toIntExact(date.toEpochDay());
  }

  /**
   * Units since 1970-01-01T00:00:00Z; a time without a zone is taken as UTC.
   *
   * @param perSecond {@link #MICROS} or {@link #NANOS}
   */
  public long sinceEpoch(String column, Object value, long perSecond) {
    Instant time;
    if (value instanceof Instant instant) {
      time = instant;
    } else if (value instanceof LocalDateTime local) {
      time = local.toInstant(ZoneOffset.UTC);
    } else {
      throw doesNotFit(column, "an infinite time");
    }
    try {
      return Math.addExact(
          Math.multiplyExact(time.getEpochSecond(), perSecond),
          time.getNano() / (NANOS / perSecond));
    } catch (ArithmeticException e) {
      throw doesNotFit(column, "a time that is too far from 1970");
    }
  }

  /**
   * A decimal number times ten to the power of its scale.
   *
   * @param digits how many may be there in all
   */
  public BigInteger unscaled(String column, Object value, int digits, int scale) {
    BigInteger number =
        value instanceof BigInteger whole
            ? whole
            : new BigDecimal(value.toString()).setScale(scale).unscaledValue();
    if (new BigDecimal(number).precision() > digits) {
      throw doesNotFit(column, "a number of more than " + digits + " digits");
    }
    return number;
  }

  private WatershedException doesNotFit(String column, String what) {
    return new WatershedException(
        ErrorCode.SQL,
        "the column '" + column + "' holds " + what + ", which " + format + " has no type for",
        "Write CAST(" + column + " AS VARCHAR) in the statement.");
  }
}
