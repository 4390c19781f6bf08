package io.watershed.bench;

import io.watershed.core.config.DuckDbSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.duckdb.DuckDb;
import io.watershed.duckdb.SqlText;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/**
 * The reference: DuckDB alone, opened once, with a view over the same Parquet files and nothing
 * else, within the same memory and threads. One thread.
 */
final class PlainParquet implements AutoCloseable {
  static final String NAME = "plain DuckDB";
  static final String TABLE = "plain";

  private final DuckDb database;
  private final Connection connection;

  private PlainParquet(DuckDb database) {
    this.database = database;
    this.connection = database.connect();
  }

  static PlainParquet open(List<Path> files, SqlSettings settings, Path temporary)
      throws SQLException {
    PlainParquet plain =
        new PlainParquet(
            DuckDb.open(
                new DuckDbSettings(
                    settings.memoryBytes(),
                    settings.threads(),
                    Optional.of(temporary),
                    settings.spillBytes())));
    List<String> paths = files.stream().map(file -> SqlText.literal(file.toString())).toList();
    try (Statement statement = plain.connection.createStatement()) {
      statement.execute(
          "CREATE VIEW "
              + TABLE
              + " AS SELECT * FROM read_parquet(["
              + String.join(", ", paths)
              + "])");
    }
    return plain;
  }

  /** The text of the only value. */
  String ask(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? "[" + rows.getString(1) + "]" : "";
    }
  }

  /** Takes a row of a result. */
  interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  /** Reads every row, as they come. */
  void read(String sql, RowReader reader) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        reader.read(rows);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
    database.close();
  }
}
