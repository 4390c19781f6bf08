package io.watershed.query.view;

import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink.Json;
import io.watershed.query.RowValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.duckdb.DuckDBStruct;
import org.duckdb.JsonNode;
import org.jspecify.annotations.Nullable;

/** DuckDB's result values as the few Java types that sinks know. */
public final class ResultValues implements RowValues {
  /** DuckDB's infinite dates and times come as ones beyond this year. */
  private static final int LAST_YEAR = 290_000;

  private final List<ResultColumn> columns;
  private final boolean[] isTimestamp;

  private ResultValues(List<ResultColumn> columns) {
    this.columns = columns;
    this.isTimestamp = new boolean[columns.size()];
    for (int i = 0; i < isTimestamp.length; i++) {
      String type = columns.get(i).type();
      isTimestamp[i] = type.startsWith("TIMESTAMP") && !type.contains("TIME ZONE");
    }
  }

  /** Reads a result's columns. */
  public static ResultValues of(ResultSetMetaData metadata) throws SQLException {
    List<ResultColumn> columns = new ArrayList<>();
    for (int i = 1; i <= metadata.getColumnCount(); i++) {
      String type = metadata.getColumnTypeName(i).replace("\"NULL\"", "NULL");
      columns.add(new ResultColumn(metadata.getColumnLabel(i), type));
    }
    return new ResultValues(List.copyOf(columns));
  }

  @Override
  public List<ResultColumn> columns() {
    return columns;
  }

  @Override
  public void read(ResultSet row, @Nullable Object[] values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      // Timestamp would go through the machine's time zone, which skips hours.
      values[i] =
          isTimestamp[i]
              ? value(row.getObject(i + 1, LocalDateTime.class))
              : value(row.getObject(i + 1));
    }
  }

  private static @Nullable Object value(@Nullable Object raw) throws SQLException {
    if (raw == null
        || raw instanceof Boolean
        || raw instanceof Long
        || raw instanceof Double
        || raw instanceof BigInteger
        || raw instanceof BigDecimal
        || raw instanceof String
        || raw instanceof LocalTime
        || raw instanceof UUID) {
      return raw;
    }
    if (raw instanceof Byte || raw instanceof Short || raw instanceof Integer) {
      return ((Number) raw).longValue();
    }
    if (raw instanceof Float number) {
      return Double.parseDouble(number.toString());
    }
    if (raw instanceof Blob blob) {
      return blob.getBytes(1, (int) blob.length());
    }
    if (raw instanceof JsonNode json) {
      return new Json(json.toString());
    }
    return isTime(raw) ? time(raw) : nested(raw);
  }

  private static boolean isTime(Object raw) {
    return raw instanceof OffsetDateTime
        || raw instanceof LocalDateTime
        || raw instanceof LocalDate
        || raw instanceof Timestamp;
  }

  private static Object time(Object raw) {
    if (raw instanceof OffsetDateTime time) {
      return finite(time.getYear(), time.toInstant());
    }
    if (raw instanceof LocalDate date) {
      return finite(date.getYear(), date);
    }
    LocalDateTime local =
        raw instanceof Timestamp timestamp ? timestamp.toLocalDateTime() : (LocalDateTime) raw;
    return finite(local.getYear(), local);
  }

  private static Object finite(int year, Object value) {
    if (year > LAST_YEAR) {
      return "infinity";
    }
    return year < -LAST_YEAR ? "-infinity" : value;
  }

  private static Object nested(Object raw) throws SQLException {
    if (raw instanceof DuckDBStruct struct) {
      return map(struct.getMap());
    }
    if (raw instanceof Map<?, ?> map) {
      return map(map);
    }
    if (raw instanceof Array array) {
      return list((Object[]) array.getArray());
    }
    return raw instanceof Object[] array ? list(array) : raw.toString();
  }

  private static List<@Nullable Object> list(Object[] raw) throws SQLException {
    List<@Nullable Object> list = new ArrayList<>(raw.length);
    for (Object element : raw) {
      list.add(value(element));
    }
    return list;
  }

  private static Map<String, @Nullable Object> map(Map<?, ?> raw) throws SQLException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : raw.entrySet()) {
      Object key = value(entry.getKey());
      map.put(
          key instanceof Instant time ? time.toString() : String.valueOf(key),
          value(entry.getValue()));
    }
    return map;
  }
}
