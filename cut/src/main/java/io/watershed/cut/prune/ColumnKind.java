package io.watershed.cut.prune;

import io.watershed.core.payload.ColumnType;
import io.watershed.core.record.SystemColumn;
import io.watershed.cut.condition.TimeText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** How values of a physical column compare with constants of SQL, as far as that is sure. */
enum ColumnKind {
  TEXT,
  LONG,
  /** A long that the view shows as a double. */
  LONG_AS_DOUBLE,
  DOUBLE,
  TIME;

  /** Up to here every integer is a double, and the engine's casts between them are exact. */
  private static final BigDecimal EXACT = BigDecimal.valueOf(1L << 53);

  static Optional<ColumnKind> of(SystemColumn column) {
    return switch (column.type()) {
      case TEXT -> Optional.of(TEXT);
      case LONG -> Optional.of(LONG);
      case TIMESTAMPTZ -> Optional.of(TIME);
      case BINARY -> Optional.empty();
    };
  }

  static Optional<ColumnKind> of(ColumnType type, boolean alone) {
    return switch (type) {
      case TEXT, JSON -> alone ? Optional.of(TEXT) : Optional.empty();
      case LONG -> Optional.of(alone ? LONG : LONG_AS_DOUBLE);
      case DOUBLE -> Optional.of(DOUBLE);
      case BOOLEAN, STRUCT -> Optional.empty();
    };
  }

  /** No value that is at least the constant lies below this; empty if not sure. */
  Optional<Object> lowest(Object constant) {
    return bound(constant, true);
  }

  /** No value that is at most the constant lies above this; empty if not sure. */
  Optional<Object> highest(Object constant) {
    return bound(constant, false);
  }

  private Optional<Object> bound(Object constant, boolean low) {
    if (this == TEXT) {
      return constant instanceof String text && sortsTheSameEverywhere(text)
          ? Optional.of(text)
          : Optional.empty();
    }
    if (this == TIME) {
      return time(constant).map(time -> ChronoUnit.MICROS.between(Instant.EPOCH, time));
    }
    if (!(constant instanceof BigDecimal number)) {
      return Optional.empty();
    }
    return this == DOUBLE ? ofDouble(number, low) : ofLong(number, low);
  }

  private static Optional<Instant> time(Object constant) {
    if (constant instanceof Instant instant) {
      return Optional.of(instant);
    }
    return constant instanceof String text
        ? TimeText.of(text).map(TimeText::instant)
        : Optional.empty();
  }

  /** Java and Iceberg compare UTF-16, DuckDB and Parquet UTF-8: they agree below surrogates. */
  private static boolean sortsTheSameEverywhere(String text) {
    return text.chars().allMatch(c -> c < Character.MIN_SURROGATE);
  }

  private Optional<Object> ofLong(BigDecimal number, boolean low) {
    boolean integer = number.scale() == 0 && number.toBigInteger().bitLength() < Long.SIZE;
    if (number.abs().compareTo(EXACT) >= 0 && (this == LONG_AS_DOUBLE || !integer)) {
      return Optional.empty();
    }
    RoundingMode inwards = low ? RoundingMode.CEILING : RoundingMode.FLOOR;
    return Optional.of(number.setScale(0, inwards).longValueExact());
  }

  /** Two steps wider: the engine's own rounding of the constant, and the two zeros. */
  private static Optional<Object> ofDouble(BigDecimal number, boolean low) {
    if (number.abs().compareTo(EXACT) >= 0) {
      return Optional.empty();
    }
    double value = number.doubleValue();
    return Optional.of(low ? Math.nextDown(Math.nextDown(value)) : Math.nextUp(Math.nextUp(value)));
  }
}
