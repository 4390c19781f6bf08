package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.view.StatementDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatementInterruptTest {
  /** Counts more than any machine can in the time of a test. */
  private static final String ENDLESS =
      "SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000000) c"
          + " WHERE a.range + b.range + c.range < 0";

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();

  @TempDir Path folder;

  @AfterEach
  void stop() {
    timers.shutdownNow();
  }

  /** One that comes while the statement is being prepared is forgotten by DuckDB. */
  @Test
  void aCancelEndsAStatementWheneverItComes() throws Exception {
    StatementRun run = new StatementRun(SqlSettings.DEFAULTS, timers);
    try (StatementDatabase database = StatementDatabase.open(SqlSettings.DEFAULTS, folder)) {
      for (int i = 0; i < 60; i++) {
        StatementControl control = new StatementControl();
        timers.schedule(control::cancel, i * 100L, TimeUnit.MICROSECONDS);
        long started = System.nanoTime();
        assertThatThrownBy(
                () -> run.run(database.connection(), ENDLESS, LIMIT, new Water.Answer(), control))
            .isInstanceOfSatisfying(
                WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(LIMIT.dividedBy(2));
      }
    }
  }

  @Test
  void aStatementAfterItIsLeftAlone() throws SQLException {
    try (StatementDatabase database = StatementDatabase.open(SqlSettings.DEFAULTS, folder)) {
      try (Statement first = database.connection().createStatement();
          StatementInterrupt interrupt = new StatementInterrupt(first, timers)) {
        interrupt.request();
        interrupt.close();
        interrupt.request();
      }
      try (Statement second = database.connection().createStatement();
          var rows = second.executeQuery("SELECT count(*) FROM range(30000000) t(i), range(5)")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getLong(1)).isEqualTo(150_000_000L);
      }
    }
  }
}
