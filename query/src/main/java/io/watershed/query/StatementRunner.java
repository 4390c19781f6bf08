package io.watershed.query;

import io.watershed.query.view.StatementDatabase;
import java.time.Duration;

/** Where a user's statement runs, once its views are known. Thread-safe. */
public interface StatementRunner extends AutoCloseable {
  /**
   * Runs a statement over a database's views; {@link ResultSink#end} is the caller's. Errors as in
   * {@link QueryEngine#execute(SqlRequest, ResultSink)}.
   *
   * @param database of this statement, not yet locked
   * @param sql passed the gate
   * @param timeLeft of the statement's time
   * @return the number of rows
   */
  long run(
      StatementDatabase database,
      String sql,
      Duration timeLeft,
      ResultSink sink,
      StatementControl control);

  @Override
  void close();
}
