package io.watershed.query;

import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.StatementControl.Registration;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Runs a JDBC statement and hands its rows on, one by one, within its time and number of rows,
 * until it is cancelled. Thread-safe.
 */
public final class RowHandOver {
  private final SqlSettings settings;
  private final ScheduledExecutorService timers;
  private final RowValues.Factory factory;

  /**
   * @param timers for the time limit
   * @param factory the engine's values
   */
  public RowHandOver(
      SqlSettings settings, ScheduledExecutorService timers, RowValues.Factory factory) {
    this.settings = settings;
    this.timers = timers;
    this.factory = factory;
  }

  /**
   * Hands the rows to the sink; {@link ResultSink#end} is the caller's.
   *
   * @param timeLeft of the statement's time
   * @return the number of rows
   * @throws WatershedException {@code cancelled}, {@code limit}
   * @throws SQLException the engine's own errors
   * @throws IOException the sink's
   */
  public long handOver(
      Statement statement, String sql, Duration timeLeft, ResultSink sink, StatementControl control)
      throws IOException, SQLException {
    try (StatementInterrupt interrupt = new StatementInterrupt(statement, timers);
        Registration onCancel = control.onCancel(interrupt::request);
        StatementTimer timer =
            new StatementTimer(timers, System::nanoTime, timeLeft, interrupt::request)) {
      return handOver(statement, sql, timer, sink, control, interrupt);
    }
  }

  private long handOver(
      Statement statement,
      String sql,
      StatementTimer timer,
      ResultSink sink,
      StatementControl control,
      StatementInterrupt interrupt)
      throws IOException, SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      return handOver(rows, timer, sink, control, interrupt);
    } catch (SQLException e) {
      if (control.isCancelled()) {
        throw StatementControl.cancelledError(e);
      }
      if (timer.timedOut()) {
        throw tookTooLong(e);
      }
      throw e;
    }
  }

  private long handOver(
      ResultSet rows,
      StatementTimer timer,
      ResultSink sink,
      StatementControl control,
      StatementInterrupt interrupt)
      throws SQLException, IOException {
    RowValues values = factory.of(rows.getMetaData());
    sink.begin(values.columns());
    @Nullable Object[] row = new @Nullable Object[values.columns().size()];
    long count = 0;
    while (rows.next()) {
      if (timer.timedOut()) {
        throw tookTooLong(null);
      }
      control.throwIfCancelled();
      if (Thread.currentThread().isInterrupted()) {
        interrupt.request();
        throw StatementControl.cancelledError(null);
      }
      if (++count > settings.maxRows()) {
        throw new WatershedException(
            ErrorCode.LIMIT,
            "the result has more than " + settings.maxRows() + " rows",
            "Add a LIMIT or a WHERE condition, or raise sql_max_rows.");
      }
      values.read(rows, row);
      timer.pause();
      sink.row(row);
      timer.resume();
    }
    return count;
  }

  private WatershedException tookTooLong(@Nullable Throwable cause) {
    return StatementRun.tookTooLong(settings.timeout(), cause);
  }
}
