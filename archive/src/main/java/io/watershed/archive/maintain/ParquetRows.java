package io.watershed.archive.maintain;

import io.watershed.core.config.DuckDbSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import io.watershed.duckdb.DuckDb;
import io.watershed.duckdb.RecordRows;
import io.watershed.duckdb.SqlText;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads data files by DuckDB, streaming: a row group at a time is in its memory. Thread-safe. */
final class ParquetRows implements RowSource, AutoCloseable {
  private static final DuckDbSettings LIMITS =
      new DuckDbSettings(256L << 20, 1, Optional.empty(), 0);

  private final DuckDb database = DuckDb.open(LIMITS);

  @Override
  public void read(Path file, String key, Consumer<StreamRecord> sink) {
    String sql =
        "SELECT "
            + RecordRows.COLUMNS
            + " FROM read_parquet("
            + SqlText.literal(file.toString())
            + ", hive_partitioning = false)";
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET jdbc_stream_results = true");
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          sink.accept(RecordRows.read(rows));
        }
      }
    } catch (SQLException | IllegalArgumentException e) {
      // DuckDB's messages can quote values.
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "The rows of '" + key + "' cannot be read",
          "The file is damaged: run 'watershed verify --deep', and restore it from a backup.",
          e);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
