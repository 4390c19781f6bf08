package io.watershed.query.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.SqlSettings;
import io.watershed.query.gate.Escape;
import io.watershed.query.gate.Escape.Alone;
import io.watershed.query.gate.Traces;
import io.watershed.query.view.KeptDatabases.Snapshots;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The table of escapes with the gate switched off: what the locked database stops alone, should the
 * gate err, and that nothing which it lets pass leaves a trace.
 */
class LockedDatabaseTest {
  /** All but where names are looked up: USE changes that for the statement's own connection. */
  private static final String SETTINGS =
      "SELECT name, value FROM duckdb_settings() WHERE name <> 'search_path'";

  @TempDir Path folder;

  /** Also one that another statement had before, which stays locked all along. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachEscapeMeetsWhatTheTableSays(boolean kept) throws Exception {
    List<String> differences = new ArrayList<>();
    try (Traces traces = new Traces(folder.resolve("outside"))) {
      Locked locked = new Locked(folder, kept);
      for (Escape escape : Escape.all()) {
        if (escape.alone() == Alone.UNTRIED) {
          continue;
        }
        String sql = escape.sql(traces.dir(), locked.file, traces.url());
        boolean stopped = isStopped(locked.database, sql);
        traces.assertNone(sql);
        locked.assertUnchanged(sql);
        if (stopped != (escape.alone() == Alone.STOPPED)) {
          differences.add((stopped ? "stopped " : "not stopped ") + escape.text());
        }
        if (!stopped && escape.alone() != Alone.TELLS) {
          locked.database.close(); // Its own catalog may have changed.
          locked = new Locked(folder, kept);
        }
      }
      locked.database.close();
    }
    assertThat(differences).isEmpty();
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  /** A database as statements meet it, with one data file. */
  private static final class Locked {
    final StatementDatabase database;
    final Path file;
    private final byte[] data;
    private final Map<String, String> settings;

    Locked(Path folder, boolean kept) throws Exception {
      file = folder.resolve("data.parquet");
      Files.deleteIfExists(file);
      try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
          Statement statement = connection.createStatement()) {
        statement.execute(
            "COPY (SELECT 42::BIGINT AS id, 'x'::BLOB AS _payload) TO '"
                + file
                + "' (FORMAT parquet)");
      }
      try (KeptDatabases databases = new KeptDatabases()) {
        if (kept) {
          StatementDatabase before = locked(folder, databases);
          before.endedWell();
          before.close();
          assertThat(databases.size()).isOne();
        }
        database = locked(folder, databases);
        assertThat(databases.size()).isZero();
      }
      data = Files.readAllBytes(file);
      settings = settings(database);
    }

    private StatementDatabase locked(Path folder, KeptDatabases databases) {
      StatementDatabase locked =
          StatementDatabase.open(
              SqlSettings.DEFAULTS,
              folder.resolve("tmp"),
              databases,
              new Snapshots(List.of("orders 1")));
      locked.addView("orders", "SELECT * FROM read_parquet('" + file + "')");
      locked.allow(file);
      locked.lock();
      return locked;
    }

    void assertUnchanged(String after) throws Exception {
      assertThat(Files.readAllBytes(file)).as(after).isEqualTo(data);
      assertThat(settings(database)).as(after).isEqualTo(settings);
    }
  }

  private static boolean isStopped(StatementDatabase database, String sql) {
    try (Statement statement = database.connection().createStatement()) {
      if (statement.execute(sql)) {
        try (ResultSet rows = statement.getResultSet()) {
          while (rows.next()) {
            String text = String.valueOf(rows.getObject(1));
            assertThat(text).as(sql).doesNotContain(Traces.SECRET);
          }
        }
      }
      return false;
    } catch (SQLException e) {
      return true;
    }
  }

  private static Map<String, String> settings(StatementDatabase database) throws SQLException {
    try (Statement statement = database.connection().createStatement()) {
      statement.execute("ROLLBACK"); // A failed statement leaves its transaction behind.
    } catch (SQLException e) {
      assertThat(e.getMessage()).contains("no transaction");
    }
    Map<String, String> settings = new TreeMap<>();
    try (Statement statement = database.connection().createStatement();
        ResultSet rows = statement.executeQuery(SETTINGS)) {
      while (rows.next()) {
        settings.put(rows.getString(1), String.valueOf(rows.getString(2)));
      }
    }
    database.run("BEGIN TRANSACTION READ ONLY");
    return settings;
  }
}
