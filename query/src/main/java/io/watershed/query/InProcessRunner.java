package io.watershed.query;

import io.watershed.query.view.StatementDatabase;
import java.time.Duration;

/** Runs statements in this process: for one's own. A native crash ends the process. */
final class InProcessRunner implements StatementRunner {
  private final StatementRun run;

  InProcessRunner(StatementRun run) {
    this.run = run;
  }

  @Override
  public long run(
      StatementDatabase database,
      String sql,
      Duration timeLeft,
      ResultSink sink,
      StatementControl control) {
    database.lock();
    long rows = run.run(database.connection(), sql, timeLeft, sink, control);
    database.endedWell();
    return rows;
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
