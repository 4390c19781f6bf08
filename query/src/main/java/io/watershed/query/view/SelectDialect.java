package io.watershed.query.view;

import io.watershed.core.payload.ColumnType;
import io.watershed.cut.schema.LogicalColumn;
import io.watershed.duckdb.SqlText;
import java.util.List;
import java.util.stream.Collectors;

/** How an engine writes what a logical column needs. Stateless. */
interface SelectDialect {
  /** The embedded engine. */
  SelectDialect DUCKDB = new DuckDb();

  /** Trino, and Amazon Athena from engine version 3 on. */
  SelectDialect TRINO = new Trino();

  /** Apache Spark. */
  SelectDialect SPARK = new Spark();

  /** A quoted identifier. */
  String name(String name);

  /** The type of a column that combines siblings: DOUBLE or TEXT. */
  String type(ColumnType widest);

  /** A struct of these members. */
  String struct(List<Member> members);

  /** A member of a struct and the expression that makes it. */
  record Member(LogicalColumn column, String expression) {}

  /** DuckDB's SQL. */
  final class DuckDb implements SelectDialect {
    @Override
    public String name(String name) {
      return SqlText.name(name);
    }

    @Override
    public String type(ColumnType widest) {
      return widest == ColumnType.DOUBLE ? "DOUBLE" : "VARCHAR";
    }

    @Override
    public String struct(List<Member> members) {
      return members.stream()
          .map(member -> name(member.column().name()) + " := " + member.expression())
          .collect(Collectors.joining(", ", "struct_pack(", ")"));
    }
  }

  /** Trino's SQL: only a cast names the members of a row. */
  final class Trino implements SelectDialect {
    @Override
    public String name(String name) {
      return SqlText.name(name);
    }

    @Override
    public String type(ColumnType widest) {
      return switch (widest) {
        case LONG -> "BIGINT";
        case DOUBLE -> "DOUBLE";
        case BOOLEAN -> "BOOLEAN";
        case TEXT, JSON -> "VARCHAR";
        case STRUCT -> throw new IllegalArgumentException("a struct's type names its members");
      };
    }

    @Override
    public String struct(List<Member> members) {
      return members.stream()
              .map(Member::expression)
              .collect(
                  Collectors.joining(
                      ", ",
                      "CAST(ROW(",
                      ") AS " + row(members.stream().map(Member::column).toList())))
          + ")";
    }

    private String row(List<LogicalColumn> members) {
      return members.stream()
          .map(
              member ->
                  name(member.name())
                      + " "
                      + (member.isStruct() ? row(member.members()) : type(member.widestType())))
          .collect(Collectors.joining(", ", "ROW(", ")"));
    }
  }

  /** Spark's SQL. */
  final class Spark implements SelectDialect {
    @Override
    public String name(String name) {
      return '`' + name.replace("`", "``") + '`';
    }

    @Override
    public String type(ColumnType widest) {
      return widest == ColumnType.DOUBLE ? "DOUBLE" : "STRING";
    }

    @Override
    public String struct(List<Member> members) {
      return members.stream()
          .map(member -> literal(member.column().name()) + ", " + member.expression())
          .collect(Collectors.joining(", ", "named_struct(", ")"));
    }

    private static String literal(String text) {
      return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
  }
}
