package io.watershed.query.view;

import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.duckdb.SqlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A DuckDB database in memory for one statement: first ours, to put the view into; after {@link
 * #lock} it reads the files it was given and nothing else, writes nothing, and changes no setting.
 * Results stream, so one result is open at a time. Not thread-safe.
 */
public final class StatementDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatementDatabase.class);

  private final Connection connection;
  private final Path folder;
  private final List<Path> files = new ArrayList<>();
  private final List<AutoCloseable> resources = new ArrayList<>();

  private StatementDatabase(Connection connection, Path folder) {
    this.connection = connection;
    this.folder = folder;
  }

  /**
   * Opens an empty database.
   *
   * @param temporary a folder in which the database makes one of its own, and deletes it again
   */
  public static StatementDatabase open(SqlSettings settings, Path temporary) {
    try {
      Files.createDirectories(temporary);
      Path folder = Files.createTempDirectory(temporary, "statement");
      Properties limits = new Properties();
      limits.setProperty("memory_limit", settings.memoryBytes() + "B");
      limits.setProperty("threads", Integer.toString(settings.threads()));
      limits.setProperty("temp_directory", folder.resolve("spill").toString());
      limits.setProperty("max_temp_directory_size", settings.spillBytes() + "B");
      limits.setProperty("autoinstall_known_extensions", "false");
      limits.setProperty("autoload_known_extensions", "false");
      limits.setProperty("jdbc_stream_results", "true");
      Connection connection = DriverManager.getConnection("jdbc:duckdb:", limits);
      StatementDatabase database = new StatementDatabase(connection, folder);
      database.run("SET GLOBAL TimeZone = 'UTC'");
      database.run("SET parquet_metadata_cache = true");
      return database;
    } catch (SQLException | IOException | LinkageError e) {
      throw new WatershedException(
          ErrorCode.INTERNAL,
          "the embedded SQL engine does not start: " + e.getMessage(),
          "It needs " + temporary + " and java.io.tmpdir to be writable.",
          e);
    }
  }

  /** The connection. */
  public Connection connection() {
    return connection;
  }

  /** A path for a file of ours; gone with the database. */
  Path newFile(String name) {
    return folder.resolve(name);
  }

  /** Lets the statement read a file. */
  void allow(Path file) {
    files.add(file);
  }

  /** Closes something with the database. */
  public void onClose(AutoCloseable resource) {
    resources.add(resource);
  }

  /** Runs a statement of ours that gives no rows. */
  public void run(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw SqlErrors.internal(e);
    }
  }

  /** From here on, only reading what was allowed. */
  public void lock() {
    List<String> paths = files.stream().map(p -> SqlText.literal(p.toString())).toList();
    run("SET allowed_paths = [" + String.join(", ", paths) + "]");
    run("SET enable_external_access = false");
    run("SET lock_configuration = true");
    run("BEGIN TRANSACTION READ ONLY");
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.warn("a statement's database did not close: {}", e.getMessage());
    }
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Exception e) {
        LOG.warn("a statement's table did not close: {}", e.getMessage());
      }
    }
    deleteFolder();
  }

  private void deleteFolder() {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      LOG.warn("the temporary folder {} is left behind: {}", folder, e.getMessage());
    }
  }
}
