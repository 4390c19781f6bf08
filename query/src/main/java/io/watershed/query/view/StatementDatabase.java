package io.watershed.query.view;

import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.duckdb.SqlText;
import io.watershed.query.view.KeptDatabases.Kept;
import io.watershed.query.view.KeptDatabases.Snapshots;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A DuckDB database in memory for one statement: first ours, to put the view into; after {@link
 * #lock} it reads the files it was given and nothing else, writes nothing, and changes no setting.
 * It is opened when it is first needed. Results stream, so one result is open at a time. Not
 * thread-safe.
 */
public final class StatementDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatementDatabase.class);
  private static final String SYSTEM_SCHEMA = "watershed";

  private static final String SPILL = "spill";

  /** What SQL of ours may use before the database is locked, even if the statement may not. */
  private static final long PREPARE_BYTES = 256L << 20;

  /**
   * The setting whether results stream: the only one that may change once the database is locked.
   */
  public static final String STREAMS = "jdbc_stream_results";

  private final SqlSettings settings;
  private final Path temporary;
  private final Optional<Keeping> keeping;
  private final List<Path> files = new ArrayList<>();
  private final Map<String, String> views = new LinkedHashMap<>();
  private final List<AutoCloseable> resources = new ArrayList<>();
  private @Nullable Connection connection;
  private @Nullable Path folder;
  private Set<Path> readable = Set.of();
  private boolean ownFiles;
  private boolean endedWell;

  private StatementDatabase(SqlSettings settings, Path temporary, Optional<Keeping> keeping) {
    this.settings = settings;
    this.temporary = temporary.toAbsolutePath();
    this.keeping = keeping;
  }

  /** Where a database comes from and goes to, for a statement that reads snapshots as they are. */
  private record Keeping(KeptDatabases databases, Snapshots snapshots) {}

  /**
   * An empty database.
   *
   * @param temporary a folder in which the database makes one of its own, and deletes it again
   */
  public static StatementDatabase open(SqlSettings settings, Path temporary) {
    return new StatementDatabase(settings, temporary, Optional.empty());
  }

  /**
   * The same; when it is locked before anything else was done in it, it may be one that answered
   * another statement.
   *
   * @param snapshots what the statement reads
   */
  public static StatementDatabase open(
      SqlSettings settings, Path temporary, KeptDatabases databases, Snapshots snapshots) {
    return new StatementDatabase(
        settings, temporary, Optional.of(new Keeping(databases, snapshots)));
  }

  /**
   * The connection.
   *
   * @throws WatershedException {@code internal} if the database does not open
   */
  public Connection connection() {
    Connection open = connection;
    if (open == null) {
      open = connect();
      connection = open;
      // As a property of the connection it is shown, and bounds nothing (DuckDB 2.0.0.1).
      run("SET max_temp_directory_size = '" + settings.spillBytes() + "B'");
      run("SET GLOBAL TimeZone = 'UTC'");
      run("SET GLOBAL parquet_metadata_cache = true");
    }
    return open;
  }

  private Connection connect() {
    Properties limits = new Properties();
    limits.setProperty("memory_limit", Math.max(PREPARE_BYTES, settings.memoryBytes()) + "B");
    limits.setProperty("threads", Integer.toString(settings.threads()));
    limits.setProperty("temp_directory", folder().resolve(SPILL).toString());
    limits.setProperty("autoinstall_known_extensions", "false");
    limits.setProperty("autoload_known_extensions", "false");
    limits.setProperty(STREAMS, "true");
    try {
      return DriverManager.getConnection("jdbc:duckdb:", limits);
    } catch (SQLException | LinkageError e) {
      throw notStarted(e);
    }
  }

  private WatershedException notStarted(Throwable e) {
    return new WatershedException(
        ErrorCode.INTERNAL,
        "the embedded SQL engine does not start: " + e.getMessage(),
        "It needs " + temporary + " and java.io.tmpdir to be writable.",
        e);
  }

  /** A path for a file of ours; gone with the database. */
  Path newFile(String name) {
    ownFiles = true;
    return folder().resolve(name);
  }

  /** The statement reads files that are gone after it. */
  void readsOthers() {
    ownFiles = true;
  }

  /** Lets the statement read a file. */
  void allow(Path file) {
    files.add(file.toAbsolutePath());
  }

  /** The folder of this database's files. */
  public Path folder() {
    Path made = folder;
    if (made == null) {
      try {
        Files.createDirectories(temporary);
        made = Files.createTempDirectory(temporary, "statement");
      } catch (IOException e) {
        throw notStarted(e);
      }
      folder = made;
    }
    return made;
  }

  /** Adds a view, which is there once the database is locked. */
  public void addView(String name, String select) {
    String quoted = SqlText.name(name);
    views.put(quoted, "CREATE VIEW " + quoted + " AS " + select);
  }

  /** Closes something with the database. */
  public void onClose(AutoCloseable resource) {
    resources.add(resource);
  }

  /** Runs a statement of ours that gives no rows. */
  public void run(String sql) {
    try (Statement statement = connection().createStatement()) {
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
    statements.addAll(views.values());
    return new StatementScript(statements, files);
  }

  private List<String> tables(String schema) {
    if (connection == null) {
      return List.of();
    }
    String sql =
        "SELECT table_name FROM information_schema.tables WHERE table_schema = "
            + SqlText.literal(schema);
    List<String> names = new ArrayList<>();
    try (Statement statement = connection().createStatement();
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
    if (isTaken()) {
      views.values().forEach(this::run);
      run("BEGIN TRANSACTION READ ONLY");
      return;
    }
    views.values().forEach(this::run);
    run("SET memory_limit = '" + settings.memoryBytes() + "B'");
    List<String> paths = files.stream().map(p -> SqlText.literal(p.toString())).toList();
    run("SET allowed_paths = [" + String.join(", ", paths) + "]");
    run("SET enable_external_access = false");
    run("SET allowed_configs = ['" + STREAMS + "']");
    run("SET lock_configuration = true");
    run("BEGIN TRANSACTION READ ONLY");
    readable = Set.copyOf(files);
  }

  /** Takes a locked database that waits, if there is a fitting one and this one is not open. */
  private boolean isTaken() {
    if (connection != null || folder != null || keeping.isEmpty()) {
      return false;
    }
    Optional<Kept> kept = keeping.get().databases().take(keeping.get().snapshots(), files);
    if (kept.isEmpty()) {
      return false;
    }
    connection = kept.get().connection();
    folder = kept.get().folder();
    readable = kept.get().files();
    try {
      Files.createDirectory(kept.get().folder());
    } catch (IOException e) {
      throw notStarted(e);
    }
    return true;
  }

  /** The statement ended without an error: another one may use the database after it. */
  public void endedWell() {
    endedWell = true;
  }

  @Override
  public void close() {
    Connection open = connection;
    Path made = folder;
    if (open != null && made != null && mayBeKept(made)) {
      Keeping to = keeping.orElseThrow();
      to.databases().give(to.snapshots(), readable, made, open, new ArrayList<>(views.keySet()));
    } else if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        LOG.warn("a statement's database did not close: {}", e.getMessage());
      }
    }
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Exception e) {
        LOG.warn("a statement's table did not close: {}", e.getMessage());
      }
    }
    if (made != null) {
      deleteFolder(made);
    }
  }

  /** One that went to disk has a handle on the folder, which goes. */
  private boolean mayBeKept(Path made) {
    return endedWell
        && keeping.isPresent()
        && !ownFiles
        && !readable.isEmpty()
        && Files.notExists(made.resolve(SPILL));
  }

  private static void deleteFolder(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      LOG.warn("the temporary folder {} is left behind: {}", folder, e.getMessage());
    }
  }
}
