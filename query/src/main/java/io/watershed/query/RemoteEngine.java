package io.watershed.query;

import java.time.Duration;

/**
 * Another engine that answers statements over receipts: what this engine resolved and stored is the
 * cut of its answer. Thread-safe.
 */
public interface RemoteEngine extends AutoCloseable {
  /**
   * The statement in words that both parsers read alike; the gate checks what this returns.
   *
   * @throws io.watershed.core.error.WatershedException {@code sql} if there are none
   */
  String portable(String sql);

  /**
   * Runs a statement over the streams of a stored receipt; {@link ResultSink#end} is the caller's.
   * Errors as in {@link QueryEngine#execute(SqlRequest, ResultSink)}.
   *
   * @param receipt its id
   * @param sql passed the gate
   * @param timeLeft of the statement's time
   * @return the number of rows
   */
  long run(
      String receipt, String sql, Duration timeLeft, ResultSink sink, StatementControl control);

  @Override
  void close();
}
