package io.watershed.secondreader;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Rows of two engines as text that is equal if and only if their values are: numbers by value, not
 * by type or notation, bytes as hexadecimal digits, times in UTC, structs by their members.
 */
final class Answers {
  private Answers() {}

  static List<String> inOrder(List<List<Object>> rows) {
    return rows.stream().map(Answers::text).toList();
  }

  static List<String> inAnyOrder(List<List<Object>> rows) {
    return rows.stream().map(Answers::text).sorted().toList();
  }

  private static String text(Object cell) {
    if (cell == null) {
      return "NULL";
    }
    if (cell instanceof Number number) {
      return number(number.toString());
    }
    if (cell instanceof byte[] bytes) {
      return "x" + HexFormat.of().formatHex(bytes);
    }
    if (cell instanceof Timestamp time) {
      return "t" + time.toLocalDateTime().toInstant(ZoneOffset.UTC);
    }
    if (cell instanceof Instant time) {
      return "t" + time;
    }
    if (cell instanceof String text) {
      return "'"
          + (isDecimal(text) ? number(Double.toString(Double.parseDouble(text))) : text)
          + "'";
    }
    if (cell instanceof Boolean flag) {
      return flag ? "true" : "false";
    }
    if (cell instanceof Map<?, ?> struct) {
      return text(new ArrayList<>(struct.values()));
    }
    if (cell instanceof Collection<?> members) {
      List<String> texts = members.stream().map(Answers::text).toList();
      return texts.stream().allMatch("NULL"::equals) ? "NULL" : texts.toString();
    }
    throw new IllegalArgumentException("no rule for " + cell.getClass());
  }

  /** A double cast to text is written differently by each engine: 1e23, 9.999999999999999E22. */
  private static boolean isDecimal(String text) {
    return text.matches("-?\\d+\\.\\d+([eE][+-]?\\d+)?|-?\\d+[eE][+-]?\\d+");
  }

  private static String number(String text) {
    BigDecimal value = new BigDecimal(text);
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toString();
  }
}
