package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.Water.Answer;
import io.watershed.query.view.StatementDatabase;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each bound of a statement ends it with a clear error, and the next one works. */
class BoundsTest {
  @TempDir Path folder;

  @Test
  void memoryIsBounded() {
    try (Water water = new Water(folder, Bounds.of(1_000, 40L << 20, 1 << 20), "orders")) {
      assertLimit(water, Bounds.MEMORY_EATER, "more memory than it may use: sql_memory");
    }
  }

  @Test
  void temporaryDiskIsBounded() {
    try (Water water = new Water(folder, Bounds.of(10_000_000, 40L << 20, 2 << 20), "orders")) {
      assertLimit(
          water,
          "SELECT md5(i::VARCHAR) FROM range(3000000) t(i) ORDER BY 1",
          "temporary disk space than it may use: sql_spill is 2.0 MiB");
    }
  }

  @Test
  void rowsAreBounded() {
    try (Water water = new Water(folder, SqlSettings.DEFAULTS.withMaxRows(100), "orders")) {
      assertThat(water.ask("SELECT * FROM range(100)").rows).hasSize(100);
      assertLimit(water, "SELECT * FROM range(101)", "more than 100 rows");
    }
  }

  @Test
  void timeIsBoundedWhateverTheStatementDoes() {
    SqlSettings short_ = SqlSettings.DEFAULTS.withTimeout(Duration.ofMillis(1_500));
    try (Water water = new Water(folder, short_, "orders")) {
      assertLimit(
          water,
          "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t",
          "longer than 1 s");
      assertLimit(water, "SELECT count(*) FROM range(100000000000000)", "longer than 1 s");
    }
  }

  @Test
  void threadsAreBounded() throws Exception {
    try (StatementDatabase database =
            StatementDatabase.open(Bounds.of(1, 40L << 20, 1 << 20), folder);
        Statement statement = database.connection().createStatement();
        ResultSet threads = statement.executeQuery("SELECT current_setting('threads')")) {
      threads.next();
      assertThat(threads.getInt(1)).isEqualTo(2);
    }
  }

  @Test
  void liveRecordsBeyondTheMemoryOfAStatementEndItAndNotTheProcess() {
    try (Water water = new Water(folder, Bounds.of(100, 48L << 20, 1 << 20), "orders")) {
      for (int i = 0; i < 120; i++) {
        water.put("orders", "k" + i, "{\"id\":" + i + ",\"text\":\"" + "x".repeat(200_000) + "\"}");
      }
      assertThat(water.ask("SELECT count(*), sum(id) FROM orders").rows)
          .containsExactly(java.util.List.of(120L, new java.math.BigInteger("7140")));
      assertLimit(
          water,
          "SELECT max(len(t)) FROM (SELECT string_agg(a.text || b.id, '') AS t FROM orders a,"
              + " orders b)",
          "memory");
    }
  }

  @Test
  void anErrorBeforeTheFirstRowIsNotLost() {
    try (Water water = new Water(folder, SqlSettings.DEFAULTS, "orders")) {
      water.putOrders("orders", 1, 10);
      WatershedException error =
          failure(
              water, "SELECT sum((CASE WHEN id = 7 THEN 'seven' ELSE '1' END)::INT) FROM orders");
      assertThat(error.code()).isEqualTo(ErrorCode.SQL);
      assertThat(error).hasMessageContaining("Could not convert string");
      assertThat(error.getMessage()).doesNotContain("seven"); // a value is a payload
      assertThat(failure(water, "SELECT list_transform([1], x -> x + 1)"))
          .hasMessageContaining("the arrow of a lambda");
      assertThat(water.ask("SELECT count(*) FROM orders").single()).isEqualTo(10L);
    }
  }

  private static void assertLimit(Water water, String sql, String words) {
    WatershedException error = failure(water, sql);
    assertThat(error.code()).as(error.getMessage()).isEqualTo(ErrorCode.LIMIT);
    assertThat(error).hasMessageContaining(words);
    assertThat(error.hint()).isNotBlank();
    assertThat(water.ask("SELECT 1").single()).isEqualTo(1L);
  }

  private static WatershedException failure(Water water, String sql) {
    return (WatershedException)
        catchThrowable(() -> water.engine.execute(SqlRequest.of(sql), new Answer()));
  }
}
