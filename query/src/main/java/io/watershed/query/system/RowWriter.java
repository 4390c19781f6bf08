package io.watershed.query.system;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/** Appends rows to one table. An empty optional, or null, is NULL. */
final class RowWriter {
  private final DuckDBAppender appender;

  RowWriter(DuckDBAppender appender) {
    this.appender = appender;
  }

  void add(@Nullable Object... values) throws SQLException {
    appender.beginRow();
    for (Object value : values) {
      append(value);
    }
    appender.endRow();
  }

  private void append(@Nullable Object value) throws SQLException {
    if (value == null) {
      appender.appendNull();
    } else if (value instanceof Optional<?> optional) {
      append(optional.orElse(null));
    } else if (value instanceof OptionalLong number) {
      append(number.isPresent() ? number.getAsLong() : null);
    } else if (value instanceof OptionalInt number) {
      append(number.isPresent() ? (long) number.getAsInt() : null);
    } else if (value instanceof String text) {
      appender.append(text);
    } else if (value instanceof Long number) {
      appender.append(number.longValue());
    } else if (value instanceof Boolean flag) {
      appender.append(flag.booleanValue());
    } else if (value instanceof Instant time) {
      appender.append(time.atOffset(ZoneOffset.UTC));
    } else if (value instanceof LocalDate day) {
      appender.append(day);
    } else if (value instanceof UUID id) {
      appender.append(id);
    } else if (value instanceof List<?> list) {
      appender.append(list);
    } else {
      throw new IllegalArgumentException("no column holds a " + value.getClass());
    }
  }
}
