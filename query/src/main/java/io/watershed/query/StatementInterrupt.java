package io.watershed.query;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a statement from other threads. DuckDB forgets a cancel that comes while it still prepares
 * the statement, so it is told again until the statement is over; never afterwards, when the
 * connection may run another one. Close it before the statement. Thread-safe.
 */
final class StatementInterrupt implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatementInterrupt.class);
  private static final long AGAIN_MILLIS = 20;

  private final Statement statement;
  private final ScheduledExecutorService timers;
  private @Nullable ScheduledFuture<?> again;
  private boolean closed;

  StatementInterrupt(Statement statement, ScheduledExecutorService timers) {
    this.statement = statement;
    this.timers = timers;
  }

  /** Ends the statement as soon as it can be; may be called more than once. */
  synchronized void request() {
    if (closed || again != null) {
      return;
    }
    cancel();
    again =
        timers.scheduleWithFixedDelay(
            this::cancel, AGAIN_MILLIS, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
  }

  private synchronized void cancel() {
    if (closed) {
      return;
    }
    try {
      statement.cancel();
    } catch (SQLException e) {
      LOG.debug("a statement that was over could not be cancelled");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (again != null) {
      again.cancel(false);
    }
  }
}
