package io.watershed.query.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.SqlSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The second line of defence: what the database itself refuses, should the gate err. */
class StatementDatabaseTest {
  @TempDir Path folder;

  @Test
  void aLockedDatabaseReadsItsFilesAndNothingElseAndWritesNothing() throws Exception {
    Path other = Files.writeString(folder.resolve("other.csv"), "a\n1\n");
    try (StatementDatabase database =
        StatementDatabase.open(SqlSettings.DEFAULTS, folder.resolve("tmp"))) {
      Path file = database.newFile("mine.parquet");
      database.run("COPY (SELECT 42 AS x) TO '" + file + "' (FORMAT parquet)");
      database.run("CREATE VIEW v AS SELECT * FROM read_parquet('" + file + "')");
      database.allow(file);
      database.lock();
      try (Statement statement = database.connection().createStatement();
          ResultSet rows = statement.executeQuery("SELECT x FROM v")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(42);
      }
      for (String sql :
          new String[] {
            "SELECT * FROM read_csv('" + other + "')",
            "SELECT * FROM '" + other + "'",
            "SELECT * FROM read_text('/etc/passwd')",
            "SELECT * FROM glob('/*')",
            "COPY (SELECT 1) TO '" + folder.resolve("new.csv") + "'",
            "ATTACH '" + folder.resolve("new.db") + "'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET threads = 3",
            "SET enable_external_access = true",
            "RESET lock_configuration",
            "CREATE TABLE t AS SELECT 1",
            "DROP VIEW v",
          }) {
        assertThatThrownBy(
                () -> {
                  try (Statement statement = database.connection().createStatement()) {
                    statement.execute(sql);
                    statement.execute("SELECT 1");
                  } finally {
                    restart(database);
                  }
                })
            .as(sql)
            .isInstanceOf(SQLException.class);
      }
    }
    try (var left = Files.list(folder.resolve("tmp"))) {
      assertThat(left).isEmpty();
    }
    assertThat(folder.resolve("new.csv")).doesNotExist();
    assertThat(folder.resolve("new.db")).doesNotExist();
  }

  /** A failed statement ends the read-only transaction. */
  private static void restart(StatementDatabase database) {
    try (Statement statement = database.connection().createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      // There was no transaction left.
    }
    database.run("BEGIN TRANSACTION READ ONLY");
  }
}
