package io.watershed.query;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.StatementControl.Registration;
import io.watershed.query.view.SqlErrors;
import io.watershed.query.view.StatementDatabase;
import io.watershed.query.view.StreamedError;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/**
 * Finds out why a user's statement failed when the driver lost the error ({@link StreamedError}):
 * without streaming it tells, so the statement runs once more, in what is left of its time.
 */
final class LostError {
  private final Connection connection;
  private final ScheduledExecutorService timers;
  private final Supplier<WatershedException> timeIsOver;

  LostError(
      Connection connection,
      ScheduledExecutorService timers,
      Supplier<WatershedException> timeIsOver) {
    this.connection = connection;
    this.timers = timers;
    this.timeIsOver = timeIsOver;
  }

  WatershedException find(String sql, Duration timeLeft, StatementControl control) {
    try {
      restart();
      try (Statement statement = connection.createStatement();
          StatementInterrupt interrupt = new StatementInterrupt(statement, timers);
          Registration onCancel = control.onCancel(interrupt::request);
          StatementTimer timer =
              new StatementTimer(timers, System::nanoTime, timeLeft, interrupt::request)) {
        return repeat(statement, sql, timer, control);
      }
    } catch (SQLException e) {
      return SqlErrors.ofStatement(e);
    }
  }

  private WatershedException repeat(
      Statement statement, String sql, StatementTimer timer, StatementControl control) {
    try (ResultSet rows = statement.executeQuery(sql)) {
      return new WatershedException(
          ErrorCode.SQL, "the statement failed, but not when it was repeated", "Run it again.");
    } catch (SQLException e) {
      if (control.isCancelled()) {
        return StatementControl.cancelledError(e);
      }
      return timer.timedOut() ? timeIsOver.get() : SqlErrors.ofStatement(e);
    }
  }

  private void restart() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN TRANSACTION READ ONLY");
      statement.execute("SET " + StatementDatabase.STREAMS + " = false");
    }
  }
}
