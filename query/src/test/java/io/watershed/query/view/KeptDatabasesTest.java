package io.watershed.query.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.SqlSettings;
import io.watershed.query.view.KeptDatabases.Snapshots;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptDatabasesTest {
  private static final Snapshots ONE = new Snapshots(List.of("orders 1"));
  private static final Snapshots TWO = new Snapshots(List.of("orders 2"));

  @TempDir Path folder;
  private final KeptDatabases databases = new KeptDatabases();
  private Path first;
  private Path second;

  @BeforeEach
  void write() throws Exception {
    first = folder.resolve("1.parquet");
    second = folder.resolve("2.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      for (Path file : List.of(first, second)) {
        statement.execute("COPY (SELECT 42::BIGINT AS id) TO '" + file + "' (FORMAT parquet)");
      }
    }
  }

  @AfterEach
  void close() {
    databases.close();
  }

  @Test
  void theNextStatementOnTheSameSnapshotsTakesTheDatabaseWithoutWhatWasInIt() throws Exception {
    try (StatementDatabase database = locked(ONE, "orders", first, second)) {
      run(database, "CREATE TEMP TABLE mine AS SELECT 1 AS x");
      run(database, "SELECT id FROM orders");
      database.endedWell();
    }
    assertThat(databases.size()).isOne();
    assertNothingOnDisk();
    try (StatementDatabase database = locked(ONE, "others", first)) {
      assertThat(databases.size()).isZero();
      assertThat(run(database, "SELECT id FROM others")).isEqualTo("42");
      for (String gone : List.of("SELECT * FROM orders", "SELECT * FROM mine")) {
        assertThatThrownBy(() -> run(database, gone)).isInstanceOf(SQLException.class);
        restart(database);
      }
      assertThatThrownBy(() -> run(database, "SET threads = 3")).isInstanceOf(SQLException.class);
      restart(database);
      assertThatThrownBy(() -> run(database, "DROP VIEW others")).isInstanceOf(SQLException.class);
      restart(database);
      assertThatThrownBy(() -> run(database, "SELECT * FROM read_text('/etc/passwd')"))
          .isInstanceOf(SQLException.class);
    }
    assertThat(databases.size()).isZero(); // nobody said that it ended well
    assertNothingOnDisk();
  }

  @Test
  void otherSnapshotsOrFilesGetAnotherDatabase() throws Exception {
    answerOnce(ONE, first);
    locked(TWO, "orders", first).close();
    locked(ONE, "orders", second).close();
    assertThat(databases.size()).isOne();
    locked(ONE, "orders", first).close();
    assertThat(databases.size()).isZero();
  }

  @Test
  void twoStatementsAtOnceNeverShareOne() throws Exception {
    answerOnce(ONE, first);
    try (StatementDatabase one = locked(ONE, "mine", first);
        StatementDatabase other = locked(ONE, "other", first)) {
      assertThat(run(one, "SELECT id FROM mine")).isEqualTo("42");
      assertThatThrownBy(() -> run(other, "SELECT id FROM mine")).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void oneInWhichSomethingIsLeftIsThrownAway() throws Exception {
    try (StatementDatabase database =
        StatementDatabase.open(SqlSettings.DEFAULTS, folder.resolve("tmp"), databases, ONE)) {
      database.run("CREATE TABLE secrets AS SELECT 1 AS x");
      database.allow(first);
      database.lock();
      database.endedWell();
    }
    assertThat(databases.size()).isZero();
  }

  @Test
  void whatAStatementAttachedEndsWithIt() throws Exception {
    try (StatementDatabase database = locked(ONE, "orders", first)) {
      run(database, "ATTACH ':memory:' AS m"); // the gate refuses it, the lock does not
      database.endedWell();
    }
    try (StatementDatabase database = locked(ONE, "orders", first)) {
      assertThat(run(database, "SELECT count(*) FROM duckdb_databases() WHERE NOT internal"))
          .isEqualTo("1");
    }
  }

  @Test
  void oneThatWroteFilesOfItsOwnIsNotKept() throws Exception {
    try (StatementDatabase database =
        StatementDatabase.open(SqlSettings.DEFAULTS, folder.resolve("tmp"), databases, ONE)) {
      database.allow(first);
      Path own = database.newFile("live");
      database.run("COPY (SELECT 1 AS id) TO '" + own + "' (FORMAT parquet)");
      database.allow(own);
      database.lock();
      database.endedWell();
    }
    assertThat(databases.size()).isZero();
    assertNothingOnDisk();
  }

  @Test
  void noMoreThanAFewAreKeptAndNoneAfterTheEnd() throws Exception {
    StatementDatabase a = locked(ONE, "orders", first);
    StatementDatabase b = locked(ONE, "orders", first);
    StatementDatabase c = locked(ONE, "orders", first);
    for (StatementDatabase each : List.of(a, b, c)) {
      each.endedWell();
      each.close();
    }
    assertThat(databases.size()).isEqualTo(2);
    databases.close();
    answerOnce(ONE, first);
    assertThat(databases.size()).isZero();
  }

  private void answerOnce(Snapshots snapshots, Path... files) throws Exception {
    try (StatementDatabase database = locked(snapshots, "orders", files)) {
      run(database, "SELECT id FROM orders");
      database.endedWell();
    }
  }

  private StatementDatabase locked(Snapshots snapshots, String view, Path... files) {
    StatementDatabase database =
        StatementDatabase.open(SqlSettings.DEFAULTS, folder.resolve("tmp"), databases, snapshots);
    List.of(files).forEach(database::allow);
    database.addView(view, "SELECT * FROM " + PhysicalSql.readAlike(List.of(files)));
    database.lock();
    return database;
  }

  private static String run(StatementDatabase database, String sql) throws SQLException {
    try (Statement statement = database.connection().createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (ResultSet rows = statement.getResultSet()) {
        return rows.next() ? rows.getString(1) : "";
      }
    }
  }

  /** A failed statement ends the read-only transaction. */
  private static void restart(StatementDatabase database) {
    try (Statement statement = database.connection().createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      assertThat(e.getMessage()).contains("no transaction");
    }
    database.run("BEGIN TRANSACTION READ ONLY");
  }

  private void assertNothingOnDisk() throws Exception {
    try (var left = Files.list(folder.resolve("tmp"))) {
      assertThat(left).isEmpty();
    }
  }
}
