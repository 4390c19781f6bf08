package io.watershed.drillclient;

import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink.Json;
import io.watershed.query.RowValues;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Drill's result values as the Java types that sinks know, its types under DuckDB's names. Maps and
 * lists come without types of their members, so they are JSON.
 */
final class DrillValues implements RowValues {
  private static final Set<String> NESTED =
      Set.of("MAP", "STRUCT", "LIST", "ARRAY", "DICT", "UNION", "ANY", "JAVA_OBJECT", "OTHER");
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long MILLIS_PER_DAY = 86_400_000;

  private final List<ResultColumn> columns;
  private final boolean[] isJson;

  private DrillValues(List<ResultColumn> columns) {
    this.columns = List.copyOf(columns);
    this.isJson = new boolean[columns.size()];
    for (int i = 0; i < isJson.length; i++) {
      isJson[i] = columns.get(i).type().equals("JSON");
    }
  }

  static DrillValues of(ResultSetMetaData metadata) throws SQLException {
    List<ResultColumn> columns = new ArrayList<>();
    for (int i = 1; i <= metadata.getColumnCount(); i++) {
      columns.add(
          new ResultColumn(
              metadata.getColumnLabel(i),
              type(metadata.getColumnTypeName(i), metadata.getPrecision(i), metadata.getScale(i))));
    }
    return new DrillValues(columns);
  }

  /** https://drill.apache.org/docs/supported-data-types. */
  static String type(String drill, int precision, int scale) {
    String name = drill.toUpperCase(Locale.ROOT);
    if (NESTED.contains(name)) {
      return "JSON";
    }
    return switch (name) {
      case "CHARACTER VARYING", "VARCHAR", "CHARACTER", "CHAR" -> "VARCHAR";
      case "BINARY VARYING", "VARBINARY", "BINARY" -> "BLOB";
      case "DECIMAL", "NUMERIC" -> "DECIMAL(" + precision + "," + scale + ")";
      case "INTEGER",
          "BIGINT",
          "SMALLINT",
          "TINYINT",
          "DOUBLE",
          "FLOAT",
          "BOOLEAN",
          "DATE",
          "TIME",
          "TIMESTAMP" ->
          name;
      default -> "VARCHAR";
    };
  }

  @Override
  public List<ResultColumn> columns() {
    return columns;
  }

  @Override
  public void read(ResultSet row, @Nullable Object[] values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      values[i] = value(row.getObject(i + 1), isJson[i]);
    }
  }

  private static @Nullable Object value(@Nullable Object raw, boolean isJson) {
    if (raw == null) {
      return null;
    }
    if (isJson) {
      return new Json(raw.toString());
    }
    if (raw instanceof Boolean
        || raw instanceof Long
        || raw instanceof Double
        || raw instanceof BigDecimal
        || raw instanceof String
        || raw instanceof byte[]) {
      return raw;
    }
    if (raw instanceof Integer || raw instanceof Short || raw instanceof Byte) {
      return ((Number) raw).longValue();
    }
    if (raw instanceof Float single) {
      return Double.valueOf(single.toString());
    }
    if (raw instanceof Timestamp time) {
      return time.toLocalDateTime();
    }
    if (raw instanceof Date date) {
      return date.toLocalDate();
    }
    if (raw instanceof Time time) {
      // Drill's own subclass has milliseconds.
      return LocalTime.ofNanoOfDay(Math.floorMod(time.getTime(), MILLIS_PER_DAY) * NANOS_PER_MILLI);
    }
    return raw.toString();
  }
}
