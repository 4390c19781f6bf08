package io.watershed.query;

import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.UnwrittenOutput;
import io.watershed.core.error.WatershedException;
import io.watershed.query.view.ResultValues;
import io.watershed.query.view.SqlErrors;
import io.watershed.query.view.StreamedError;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import org.duckdb.DuckDBPreparedStatement;
import org.jspecify.annotations.Nullable;

/**
 * Runs a user's statement in a locked database, within its time and number of rows. Thread-safe.
 */
public final class StatementRun {
  private final SqlSettings settings;
  private final ScheduledExecutorService timers;
  private final RowHandOver rows;

  /**
   * @param timers for the time limit
   */
  public StatementRun(SqlSettings settings, ScheduledExecutorService timers) {
    this.settings = settings;
    this.timers = timers;
    this.rows = new RowHandOver(settings, timers, ResultValues::of);
  }

  /**
   * Hands the rows to the sink; {@link ResultSink#end} is the caller's.
   *
   * @param timeLeft of the statement's time
   * @return the number of rows
   */
  public long run(
      Connection connection,
      String sql,
      Duration timeLeft,
      ResultSink sink,
      StatementControl control) {
    long started = System.nanoTime();
    try (Statement statement = connection.createStatement()) {
      control.measureBy(() -> progress(statement));
      return rows.handOver(statement, sql, timeLeft, sink, control);
    } catch (SQLException e) {
      Duration left = timeLeft.minusNanos(System.nanoTime() - started);
      throw StreamedError.isLost(e)
          ? new LostError(connection, timers, () -> tookTooLong(e)).find(sql, left, control)
          : SqlErrors.ofStatement(e);
    } catch (IOException e) {
      throw UnwrittenOutput.error(e);
    }
  }

  /** From 0 to 1; negative while the engine cannot tell. */
  private static double progress(Statement statement) {
    try {
      return statement instanceof DuckDBPreparedStatement running
          ? running.getQueryProgress().getPercentage() / 100
          : -1;
    } catch (SQLException e) {
      return -1; // between two statements, or closed
    }
  }

  private WatershedException tookTooLong(@Nullable Throwable cause) {
    return tookTooLong(settings.timeout(), cause);
  }

  /** The error of a statement whose time is over. */
  public static WatershedException tookTooLong(Duration timeout, @Nullable Throwable cause) {
    return new WatershedException(
        ErrorCode.LIMIT,
        "the statement took longer than " + timeout.toSeconds() + " s",
        "Filter on _arrival_time, select fewer columns, or raise sql_timeout.",
        cause);
  }
}
