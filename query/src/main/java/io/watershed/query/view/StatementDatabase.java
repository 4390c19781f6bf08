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
import java.sql.ResultSet;
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
  private static final String SYSTEM_SCHEMA = "watershed";

  /** What SQL of ours may use before the database is locked, even if the statement may not. */
  private static final long PREPARE_BYTES = 256L << 20;

  /**
   * The setting whether results stream: the only one that may change once the database is locked.
   */
  public static final String STREAMS = "jdbc_stream_results";

  private final Connection connection;
  private final Path folder;
  private final long memoryBytes;
  private final List<Path> files = new ArrayList<>();
  private final List<String> views = new ArrayList<>();
  private final List<AutoCloseable> resources = new ArrayList<>();

  private StatementDatabase(Connection connection, Path folder, long memoryBytes) {
    this.connection = connection;
    this.folder = folder;
    this.memoryBytes = memoryBytes;
  }

  /**
   * Opens an empty database.
   *
   * @param temporary a folder in which the database makes one of its own, and deletes it again
   */
  public static StatementDatabase open(SqlSettings settings, Path temporary) {
    try {
      Files.createDirectories(temporary);
      Path folder = Files.createTempDirectory(temporary.toAbsolutePath(), "statement");
      Properties limits = new Properties();
      limits.setProperty("memory_limit", Math.max(PREPARE_BYTES, settings.memoryBytes()) + "B");
      limits.setProperty("threads", Integer.toString(settings.threads()));
      limits.setProperty("temp_directory", folder.resolve("spill").toString());
      limits.setProperty("autoinstall_known_extensions", "false");
      limits.setProperty("autoload_known_extensions", "false");
      limits.setProperty(STREAMS, "true");
      Connection connection = DriverManager.getConnection("jdbc:duckdb:", limits);
      StatementDatabase database =
          new StatementDatabase(connection, folder, settings.memoryBytes());
      // As a property of the connection it is shown, and bounds nothing (DuckDB 2.0.0.1).
      database.run("SET max_temp_directory_size = '" + settings.spillBytes() + "B'");
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
    files.add(file.toAbsolutePath());
  }

  /** The folder of this database's files. */
  public Path folder() {
    return folder;
  }

  /** Adds a view, which is there once the database is locked. */
  public void addView(String name, String select) {
    views.add("CREATE VIEW " + SqlText.name(name) + " AS " + select);
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

  /**
   * The views, for another process. Tables of the schema {@code watershed} go with them, as files.
   *
   * @throws WatershedException {@code internal}
   */
  public StatementScript script() {
    List<String> statements = new ArrayList<>();
    for (String table : tables(SYSTEM_SCHEMA)) {
      if (statements.isEmpty()) {
        statements.add("CREATE SCHEMA " + SYSTEM_SCHEMA);
      }
      String name = SYSTEM_SCHEMA + "." + SqlText.name(table);
      Path file = newFile(SYSTEM_SCHEMA + "-" + table);
      run("COPY " + name + " TO " + SqlText.literal(file.toString()) + " (FORMAT parquet)");
      allow(file);
      statements.add(
          "CREATE VIEW " + name + " AS SELECT * FROM " + PhysicalSql.readParquet(List.of(file)));
    }
    statements.addAll(views);
    return new StatementScript(statements, files);
  }

  private List<String> tables(String schema) {
    String sql =
        "SELECT table_name FROM information_schema.tables WHERE table_schema = "
            + SqlText.literal(schema);
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw SqlErrors.internal(e);
    }
    return names;
  }

  /** Makes the views of another process's {@link #script}. */
  public void apply(StatementScript script) {
    script.statements().forEach(this::run);
    files.addAll(script.files());
  }

  /** From here on, only reading what was allowed. */
  public void lock() {
    views.forEach(this::run);
    run("SET memory_limit = '" + memoryBytes + "B'");
    List<String> paths = files.stream().map(p -> SqlText.literal(p.toString())).toList();
    run("SET allowed_paths = [" + String.join(", ", paths) + "]");
    run("SET enable_external_access = false");
    run("SET allowed_configs = ['" + STREAMS + "']");
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
