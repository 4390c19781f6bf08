package io.watershed.cli.sql;

import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultSink;

/** A statement that waits for a place to put its result. */
public interface Execution {
  /**
   * Runs the statement; called once.
   *
   * @throws io.watershed.core.error.WatershedException as {@link
   *     io.watershed.query.QueryEngine#execute} does
   */
  QueryOutcome into(ResultSink sink);

  /** Ends the statement; for an output that nobody wants to read any further. */
  void cancel();

  /** Takes progress off the terminal: the result is about to be printed there. */
  void quiet();
}
