package io.watershed.server.trace;

import io.opentelemetry.context.Context;
import io.watershed.query.QueryEngine;
import io.watershed.query.QueryOutcome;
import io.watershed.query.RecordScan;
import io.watershed.query.ResultSink;
import io.watershed.query.ScanRequest;
import io.watershed.query.SqlRequest;
import io.watershed.query.StatementControl;

/**
 * An engine whose statements are spans, each a trace of its own: for who asks by another protocol
 * than HTTP. Closing it closes nothing. Thread-safe.
 *
 * @param engine stays the caller's
 * @param name of the engine, in the spans
 */
public record TracedEngine(QueryEngine engine, StatementTraces traces, String name)
    implements QueryEngine {

  @Override
  public QueryOutcome execute(SqlRequest request, ResultSink sink, StatementControl control) {
    return traces.run(Context.root(), name, () -> engine.execute(request, sink, control));
  }

  @Override
  public RecordScan scan(ScanRequest request) {
    return engine.scan(request);
  }

  @Override
  public void requireRepeatable(ScanRequest request) {
    engine.requireRepeatable(request);
  }

  @Override
  public void requirePredicate(String predicate) {
    engine.requirePredicate(predicate);
  }

  @Override
  public void close() {}
}
