package io.watershed.query.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.WatershedException;
import io.watershed.query.gate.SqlGate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The other side of the table of escapes: what analysts write passes the gate and the lock. */
class LegalStatementsTest {
  private static final List<String> VIEWS =
      List.of(
          "CREATE SCHEMA watershed",
          "CREATE TABLE rows AS SELECT 'shard-1' AS _shard_id, 'user-' || i % 4 AS _partition_key,"
              + " now() - to_minutes(i) AS _arrival_time, i AS id, i * 3.5::DOUBLE AS amount,"
              + " ['paid', 'open', 'sent'][1 + i % 3] AS status, 'n' AS note,"
              + " '2026-01-02T10:00:00' AS placed, '[\"a\",\"b\"]' AS tags,"
              + " {'city': 'c' || i % 2, 'tier': i % 5} AS customer,"
              + " ('{\"id\":' || i || ',\"customer\":{\"city\":\"c\"}}')::BLOB AS _payload"
              + " FROM range(1, 13) t(i)",
          "CREATE VIEW orders AS SELECT * FROM rows",
          "CREATE VIEW orders_archive AS SELECT * FROM rows WHERE id <= 8",
          "CREATE VIEW orders_live AS SELECT * FROM rows WHERE id > 8",
          "CREATE VIEW clicks AS SELECT i AS order_id, i * 10 AS ms FROM range(1, 6) t(i)",
          "CREATE VIEW watershed.shards AS SELECT 'orders' AS stream, 'shard-1' AS shard_id,"
              + " 8 AS archived_records",
          "CREATE VIEW watershed.snapshots AS SELECT 1 AS snapshot_id");

  @TempDir Path folder;

  @Test
  void whatAnalystsWriteRuns() throws Exception {
    List<String> statements = statements();
    assertThat(statements).hasSizeGreaterThan(80);
    try (SqlGate gate = SqlGate.open(SqlSettings.DEFAULTS);
        StatementDatabase database = StatementDatabase.open(SqlSettings.DEFAULTS, folder)) {
      VIEWS.forEach(database::run);
      database.lock();
      for (String sql : statements) {
        try {
          gate.check(sql);
        } catch (WatershedException e) {
          fail(sql + ": " + e.getMessage(), e);
        }
        assertThat(countRows(database, sql)).as(sql).isPositive();
      }
    }
  }

  private static List<String> statements() throws Exception {
    Path file =
        Path.of(
            Objects.requireNonNull(
                    LegalStatementsTest.class.getResource("/io/watershed/query/legal.txt"))
                .toURI());
    return Files.readAllLines(file).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.replace("\\n", "\n"))
        .toList();
  }

  private static int countRows(StatementDatabase database, String sql) {
    try (Statement statement = database.connection().createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int count = 0;
      while (rows.next()) {
        count++;
      }
      return count;
    } catch (SQLException e) {
      return fail(sql + ": " + e.getMessage(), e);
    }
  }
}
