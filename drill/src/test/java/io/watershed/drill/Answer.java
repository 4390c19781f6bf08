package io.watershed.drill;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Rows of either engine. As text they are equal if and only if their values are: numbers by value,
 * bytes as hexadecimal digits, times by their milliseconds, structs by their members.
 *
 * @param columns names
 * @param rows cells, which may be null
 */
record Answer(List<String> columns, List<List<Object>> rows) {
  /** Without a column, if it is there. */
  Answer without(String column) {
    int at = columns.indexOf(column);
    if (at < 0) {
      return this;
    }
    List<String> names = new ArrayList<>(columns);
    names.remove(at);
    List<List<Object>> fewer = new ArrayList<>();
    for (List<Object> row : rows) {
      List<Object> cells = new ArrayList<>(row);
      cells.remove(at);
      fewer.add(cells);
    }
    return new Answer(names, fewer);
  }

  /** Rows as text, in any order. */
  List<String> sorted() {
    return texts().stream().sorted().toList();
  }

  /** Rows as text. */
  List<String> texts() {
    return rows.stream().map(Answer::text).toList();
  }

  private static String text(Object cell) {
    if (cell instanceof Number number) {
      return number(number.toString());
    }
    if (cell instanceof byte[] bytes) {
      return "x" + HexFormat.of().formatHex(bytes);
    }
    if (cell instanceof Timestamp time) {
      return time(time.toLocalDateTime().toInstant(ZoneOffset.UTC));
    }
    if (cell instanceof Instant time) {
      return time(time);
    }
    if (cell instanceof Map<?, ?> struct) {
      return members(struct);
    }
    if (cell instanceof Collection<?> cells) {
      return cells.stream().map(Answer::text).toList().toString();
    }
    if (cell == null || cell instanceof Boolean) {
      return String.valueOf(cell);
    }
    return "'" + cell + "'";
  }

  /** Drill leaves members out that are NULL, and has no NULL of a struct. */
  private static String members(Map<?, ?> struct) {
    List<String> members = new ArrayList<>();
    struct.forEach(
        (name, member) -> {
          String text = text(member);
          if (!text.equals("null")) {
            members.add(name + "=" + text);
          }
        });
    return members.isEmpty() ? "null" : members.stream().sorted().toList().toString();
  }

  private static String time(Instant time) {
    return "t" + time.truncatedTo(ChronoUnit.MILLIS);
  }

  private static String number(String text) {
    if (text.equals("NaN") || text.endsWith("Infinity")) {
      return text;
    }
    BigDecimal value = new BigDecimal(text);
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toString();
  }

  /** The only cell. */
  Object only() {
    return Objects.requireNonNull(rows.get(0).get(0));
  }
}
