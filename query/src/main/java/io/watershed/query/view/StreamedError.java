package io.watershed.query.view;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Errors that DuckDB's JDBC driver (seen with 2.0.0.1) loses: when a statement whose result streams
 * fails before its first row, it says "Invalid result set" and nothing else.
 */
public final class StreamedError {
  private StreamedError() {}

  /** Whether this says nothing about what failed. */
  public static boolean isLost(SQLException thrown) {
    return String.valueOf(thrown.getMessage()).contains("Invalid result set");
  }

  /**
   * What failed: if the error was lost, the statement runs once more without streaming, which
   * tells. The failed statement is closed, and no transaction is open. The connection does not
   * stream afterwards.
   */
  public static SQLException reveal(Connection connection, String sql, SQLException thrown) {
    if (!isLost(thrown)) {
      return thrown;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET " + StatementDatabase.STREAMS + " = false");
      try (ResultSet rows = statement.executeQuery(sql)) {
        return thrown;
      }
    } catch (SQLException told) {
      return told;
    }
  }
}
