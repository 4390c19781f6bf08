package io.watershed.sparkreader;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Spark's rows as JSON that keeps types apart: numbers, texts and booleans as they are, {@code
 * {"hex":..}} for bytes, {@code {"time":..}} for timestamps, a list for a struct.
 */
final class SparkCells {
  private SparkCells() {}

  static List<List<@Nullable Object>> of(List<Row> rows) {
    List<List<@Nullable Object>> cells = new ArrayList<>();
    rows.forEach(row -> cells.add(cells(row)));
    return cells;
  }

  private static List<@Nullable Object> cells(Row row) {
    List<@Nullable Object> cells = new ArrayList<>();
    for (int i = 0; i < row.length(); i++) {
      cells.add(cell(row.get(i)));
    }
    return cells;
  }

  private static @Nullable Object cell(@Nullable Object value) {
    if (value instanceof Row struct) {
      return cells(struct);
    }
    if (value instanceof byte[] bytes) {
      return Map.of("hex", HexFormat.of().formatHex(bytes));
    }
    if (value instanceof Instant time) {
      return Map.of("time", time.toString());
    }
    return value;
  }
}
