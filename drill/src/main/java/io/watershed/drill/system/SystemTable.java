package io.watershed.drill.system;

import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A small table.
 *
 * @param name its name
 * @param columns names and classes: String, Long, Boolean or Timestamp
 * @param source of its rows
 */
public record SystemTable(
    String name, Map<String, Class<?>> columns, Supplier<List<List<Object>>> source) {

  /** Without columns yet. */
  public static SystemTable named(String name) {
    return new SystemTable(name, new LinkedHashMap<>(), List::of);
  }

  /** With a column of text. */
  public SystemTable text(String column) {
    return with(column, String.class);
  }

  /** With a column of longs. */
  public SystemTable number(String column) {
    return with(column, Long.class);
  }

  /** With a column of booleans. */
  public SystemTable flag(String column) {
    return with(column, Boolean.class);
  }

  /** With a column of timestamps, in UTC. */
  public SystemTable time(String column) {
    return with(column, Timestamp.class);
  }

  private SystemTable with(String column, Class<?> type) {
    Map<String, Class<?>> more = new LinkedHashMap<>(columns);
    more.put(column, type);
    return new SystemTable(name, more, source);
  }

  /** With rows. */
  public SystemTable filled(Supplier<List<List<Object>>> rows) {
    return new SystemTable(name, columns, rows);
  }

  /** Reads the rows. */
  public List<List<Object>> rows() {
    return source.get();
  }

  /** A row of these values; an empty optional, or null, is NULL. */
  public static List<Object> row(@Nullable Object... values) {
    List<Object> row = new ArrayList<>();
    for (Object value : values) {
      addTo(row, value);
    }
    return row;
  }

  @SuppressWarnings("NullAway") // Drill's rows have null for NULL
  private static void addTo(List<Object> row, @Nullable Object value) {
    if (value instanceof Optional<?> optional) {
      addTo(row, optional.orElse(null));
    } else if (value instanceof OptionalLong number) {
      addTo(row, number.isPresent() ? number.getAsLong() : null);
    } else if (value instanceof OptionalInt number) {
      addTo(row, number.isPresent() ? (long) number.getAsInt() : null);
    } else if (value instanceof Integer number) {
      row.add(number.longValue());
    } else if (value instanceof Instant time) {
      // Drill takes a timestamp's fields for UTC.
      row.add(Timestamp.valueOf(LocalDateTime.ofInstant(time, ZoneOffset.UTC)));
    } else if (value instanceof LocalDate day) {
      row.add(day.toString());
    } else {
      row.add(value);
    }
  }
}
