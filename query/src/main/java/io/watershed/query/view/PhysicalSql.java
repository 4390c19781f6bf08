package io.watershed.query.view;

import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.SystemColumn;
import io.watershed.cut.OutsideRows;
import io.watershed.duckdb.SqlText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** SQL over the physical columns: their types, their names, and conditions on positions. */
final class PhysicalSql {
  private PhysicalSql() {}

  /** The names of all columns, quoted. */
  static String columns(PayloadSchema physical) {
    List<String> names = new ArrayList<>(List.of(SystemColumn.selectList()));
    physical.columns().forEach(column -> names.add(SqlText.name(column.name())));
    return String.join(", ", names);
  }

  /** A SELECT without rows that has all columns at their types. */
  static String emptySelect(PayloadSchema physical) {
    List<String> items = new ArrayList<>();
    for (SystemColumn column : SystemColumn.all()) {
      items.add("CAST(NULL AS " + type(column.type()) + ") AS " + column.columnName());
    }
    for (PayloadColumn column : physical.columns()) {
      items.add("CAST(NULL AS " + type(column) + ") AS " + SqlText.name(column.name()));
    }
    return "SELECT " + String.join(", ", items) + " WHERE false";
  }

  /**
   * A SELECT of all columns from a FROM item that may lack some, which are NULL at their types.
   *
   * @param has whether the item has the column of this name
   */
  static String select(PayloadSchema physical, Predicate<String> has, String from) {
    List<String> items = new ArrayList<>();
    for (SystemColumn column : SystemColumn.all()) {
      items.add(item(column.columnName(), type(column.type()), has));
    }
    for (PayloadColumn column : physical.columns()) {
      items.add(item(column.name(), type(column), has));
    }
    return "SELECT " + String.join(", ", items) + " FROM " + from;
  }

  private static String item(String column, String type, Predicate<String> has) {
    String name = SqlText.name(column);
    return has.test(column) ? name : "CAST(NULL AS " + type + ") AS " + name;
  }

  private static String type(SystemColumn.Type type) {
    return switch (type) {
      case TEXT -> "VARCHAR";
      case LONG -> "BIGINT";
      case TIMESTAMPTZ -> "TIMESTAMP WITH TIME ZONE";
      case BINARY -> "BLOB";
    };
  }

  private static String type(PayloadColumn column) {
    return switch (column.type()) {
      case LONG -> "BIGINT";
      case DOUBLE -> "DOUBLE";
      case BOOLEAN -> "BOOLEAN";
      case TEXT, JSON -> "VARCHAR";
      case STRUCT -> {
        List<String> members = new ArrayList<>();
        for (PayloadColumn member : column.children()) {
          members.add(SqlText.name(member.name()) + " " + type(member));
        }
        yield "STRUCT(" + String.join(", ", members) + ")";
      }
    };
  }

  /**
   * A FROM item over Parquet files of any age. Matching is by name, because columns are only ever
   * added, and the form that maps field ids crashes on grown structs (facts/duckdb.md).
   *
   * @param files the first one has every column at its type
   */
  static String readParquet(List<Path> files) {
    return readParquet(files, ", union_by_name = true");
  }

  /**
   * A FROM item over Parquet files that all have the columns which are read of them. The first
   * one's footer is looked at, where {@link #readParquet} looks at every footer, twice.
   */
  static String readAlike(List<Path> files) {
    return readParquet(files, "");
  }

  /**
   * A FROM item over another one, of which these columns are read as they are, never a member of a
   * struct alone. DuckDB 2.0.0.1 ends with an internal error where it reads a member alone
   * ("extract pushdown") and a file lacks the struct around it, or members of that, and it is a
   * member itself.
   *
   * @param whole names of columns; of the others, members are read alone
   */
  static String readWhole(String from, Set<String> whole) {
    if (whole.isEmpty()) {
      return from;
    }
    // Always true, which DuckDB does not see; it needs the column, and filters are still pushed.
    String needed =
        whole.stream()
            .map(SqlText::name)
            .map(column -> "(" + column + " IS NULL OR " + column + " IS NOT NULL)")
            .collect(Collectors.joining(" AND "));
    return "(SELECT * FROM " + from + " WHERE " + needed + ")";
  }

  private static String readParquet(List<Path> files, String option) {
    List<String> paths =
        files.stream().map(path -> SqlText.literal(path.toAbsolutePath().toString())).toList();
    return "read_parquet(["
        + String.join(", ", paths)
        + "]"
        + option
        + ", hive_partitioning = false)";
  }

  /** True for rows that belong to the cut. */
  static String inside(List<OutsideRows> outside) {
    List<String> conditions = new ArrayList<>();
    for (OutsideRows rows : outside) {
      String shard =
          "_incarnation = "
              + SqlText.literal(rows.shard().incarnation())
              + " AND _shard_id = "
              + SqlText.literal(rows.shard().shardId());
      conditions.add(
          "(" + shard + rows.after().map(p -> " AND " + PositionSql.isAfter(p)).orElse("") + ")");
    }
    return conditions.isEmpty() ? "true" : "NOT (" + String.join(" OR ", conditions) + ")";
  }
}
