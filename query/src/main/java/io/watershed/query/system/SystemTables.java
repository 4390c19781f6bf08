package io.watershed.query.system;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** The tables {@code watershed.*} of one statement. */
public final class SystemTables {
  private static final String SCHEMA = "watershed";
  private static final SortedMap<String, SystemTable> TABLES =
      new TreeMap<>(
          Map.of(
              "files", new FilesTable(),
              "gaps", new GapsTable(),
              "replay_runs", new ReplayRunsTable(),
              "replays", new ReplaysTable(),
              "shards", new ShardsTable(),
              "snapshots", new SnapshotsTable()));

  /** All of them, with their schema, sorted. */
  public static final List<String> NAMES =
      TABLES.keySet().stream().map(name -> SCHEMA + "." + name).toList();

  private SystemTables() {}

  /** Whether the name is one of ours. */
  public static boolean isSystemTable(String schema, String name) {
    return NAMES.stream().anyMatch(known -> known.equalsIgnoreCase(schema + "." + name));
  }

  /**
   * Makes and fills the named tables.
   *
   * @param connection to a statement's own database
   * @param names without schema, in lower case
   * @throws WatershedException whatever reading the sources throws
   */
  public static void create(Connection connection, Set<String> names, SystemSources sources) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA " + SCHEMA);
      for (String name : names) {
        SystemTable table = Objects.requireNonNull(TABLES.get(name), name);
        statement.execute("CREATE TABLE " + SCHEMA + "." + name + " (" + table.columns() + ")");
        fill(connection.unwrap(DuckDBConnection.class), name, table, sources);
      }
    } catch (SQLException e) {
      throw new WatershedException(
          ErrorCode.INTERNAL, "the tables watershed.* cannot be made: " + e.getMessage(), "", e);
    }
  }

  private static void fill(
      DuckDBConnection connection, String name, SystemTable table, SystemSources sources)
      throws SQLException {
    try (DuckDBAppender appender = connection.createAppender(SCHEMA, name)) {
      table.fill(new RowWriter(appender), sources);
    }
  }
}
