package io.watershed.archive.imports;

import io.watershed.core.config.DuckDbSettings;
import io.watershed.duckdb.DuckDb;
import io.watershed.duckdb.SqlText;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads payloads out of Parquet files, streaming. Not thread-safe. */
final class ParquetPayloads implements AutoCloseable {
  private static final DuckDbSettings LIMITS = new DuckDbSettings(1L << 30, 1, Optional.empty(), 0);

  private @Nullable DuckDb database;

  /**
   * Hands over a payload a row, with the row's number.
   *
   * @param column the column that holds it; empty: the whole row as JSON
   */
  void read(Path file, Optional<String> column, Payloads payloads) throws IOException {
    String from =
        " FROM read_parquet("
            + SqlText.literal(file.toString())
            + ", hive_partitioning = false) AS t";
    try (Connection connection = database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET jdbc_stream_results = true");
      String select =
          column.isPresent()
              ? column(statement, column.get(), from)
              : "encode(to_json(t)::VARCHAR)";
      try (ResultSet rows = statement.executeQuery("SELECT " + select + from)) {
        pass(rows, payloads);
      }
    } catch (SQLException e) {
      throw new UnreadableObject("it cannot be read as Parquet: " + firstLine(e));
    }
  }

  /** Bytes are taken as they are, anything else as its text. */
  private static String column(Statement statement, String column, String from)
      throws SQLException {
    String name = "t." + SqlText.name(column);
    try (ResultSet type =
        statement.executeQuery("SELECT typeof(" + name + ")" + from + " LIMIT 1")) {
      return type.next() && type.getString(1).equals("BLOB")
          ? name
          : "encode(" + name + "::VARCHAR)";
    }
  }

  private static void pass(ResultSet rows, Payloads payloads) throws SQLException, IOException {
    for (long row = 0; rows.next(); row++) {
      byte[] payload = rows.getBytes(1);
      payloads.take(row, payload == null ? new byte[0] : payload);
    }
  }

  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private DuckDb database() {
    DuckDb open = database;
    if (open == null) {
      open = DuckDb.open(LIMITS);
      database = open;
    }
    return open;
  }

  @Override
  public void close() {
    if (database != null) {
      database.close();
    }
  }
}
