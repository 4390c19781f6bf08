package io.watershed.query.worker;

import io.watershed.core.config.SqlSettings;
import io.watershed.query.ResultSink;
import io.watershed.query.StatementControl;
import io.watershed.query.StatementRunner;
import io.watershed.query.view.StatementDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Runs users' statements in processes of their own. Thread-safe. */
public final class IsolatedRunner implements StatementRunner {
  private final SqlSettings sql;
  private final WorkerSettings settings;
  private final ScheduledExecutorService timers =
      Executors.newScheduledThreadPool(
          2,
          task -> {
            Thread thread = new Thread(task, "query-worker-watch");
            thread.setDaemon(true);
            return thread;
          });
  private final WorkerPool pool;

  /**
   * Starts the first process.
   *
   * @param temporary a local folder for the processes' own folders
   */
  public IsolatedRunner(SqlSettings sql, WorkerSettings settings, Path temporary) {
    this.sql = sql;
    this.settings = settings;
    this.pool = new WorkerPool(temporary, settings, timers);
  }

  @Override
  public long run(
      StatementDatabase database,
      String statement,
      Duration timeLeft,
      ResultSink sink,
      StatementControl control) {
    long start = System.nanoTime();
    WorkerProcess worker = pool.take(timeLeft);
    try {
      StatementOrder order =
          StatementOrder.of(
              database.script(),
              statement,
              timeLeft.minusNanos(System.nanoTime() - start),
              sql,
              settings.maxRowBytes(),
              database.folder());
      try (StatementWatch watch = new StatementWatch(worker, order, settings, control, timers)) {
        return worker.run(order, sink, control, watch.time());
      }
    } finally {
      pool.give(worker);
    }
  }

  @Override
  public void close() {
    pool.close();
    timers.shutdownNow();
  }
}
