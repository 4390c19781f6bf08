package io.watershed.duckdb;

import io.watershed.core.config.DuckDbSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.duckdb.DuckDBConnection;

/**
 * One embedded DuckDB database in memory, with its limits set, UTC as its time zone, and no
 * extensions from the network. Thread-safe; a connection is not.
 */
public final class DuckDb implements AutoCloseable {
  private final DuckDBConnection first;

  private DuckDb(DuckDBConnection first) {
    this.first = first;
  }

  /**
   * Opens an empty database.
   *
   * @throws WatershedException {@code internal} if the native library cannot start
   */
  public static DuckDb open(DuckDbSettings settings) {
    Properties limits = new Properties();
    limits.setProperty("memory_limit", settings.memoryLimitBytes() + "B");
    limits.setProperty("threads", Integer.toString(settings.threads()));
    limits.setProperty("temp_directory", settings.tempDirectory().map(Path::toString).orElse(""));
    limits.setProperty("autoinstall_known_extensions", "false");
    limits.setProperty("autoload_known_extensions", "false");
    try {
      Connection connection = DriverManager.getConnection("jdbc:duckdb:", limits);
      try (Statement statement = connection.createStatement()) {
        // As a property of the connection it is shown, and bounds nothing (DuckDB 2.0.0.1).
        statement.execute("SET max_temp_directory_size = '" + settings.maxTempBytes() + "B'");
        statement.execute("SET GLOBAL TimeZone = 'UTC'");
      }
      return new DuckDb(connection.unwrap(DuckDBConnection.class));
    } catch (SQLException | LinkageError e) {
      throw new WatershedException(
          ErrorCode.INTERNAL,
          "The embedded DuckDB cannot start: " + e.getMessage(),
          "Check that its native library can be unpacked and run: java.io.tmpdir must allow it.",
          e);
    }
  }

  /** Another connection to this database. Whoever asks closes it. */
  public Connection connect() {
    try {
      return first.duplicate();
    } catch (SQLException e) {
      throw new WatershedException(
          ErrorCode.INTERNAL, "DuckDB gives no connection: " + e.getMessage(), "", e);
    }
  }

  /** Closes the database, once its other connections are closed too. */
  @Override
  public void close() {
    try {
      first.close();
    } catch (SQLException e) {
      throw new WatershedException(
          ErrorCode.INTERNAL, "DuckDB does not close: " + e.getMessage(), "", e);
    }
  }
}
