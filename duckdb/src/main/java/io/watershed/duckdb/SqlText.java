package io.watershed.duckdb;

/** Names and text as DuckDB SQL. */
public final class SqlText {
  private SqlText() {}

  /** A quoted identifier. */
  public static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A string literal. */
  public static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
