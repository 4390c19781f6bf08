package io.watershed.server.trace;

import io.opentelemetry.context.Context;
import io.watershed.query.ForwardingEngine;
import io.watershed.query.QueryEngine;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultSink;
import io.watershed.query.SqlRequest;
import io.watershed.query.StatementControl;

/**
 * An engine whose statements are spans, each a trace of its own: for who asks by another protocol
 * than HTTP. Thread-safe.
 */
public final class TracedEngine extends ForwardingEngine {
  private final StatementTraces traces;
  private final String name;

  /**
   * Over an engine that stays the caller's.
   *
   * @param name of the engine, in the spans
   */
  public TracedEngine(QueryEngine engine, StatementTraces traces, String name) {
    super(engine);
    this.traces = traces;
    this.name = name;
  }

  @Override
  public QueryOutcome execute(SqlRequest request, ResultSink sink, StatementControl control) {
    return traces.run(Context.root(), name, () -> super.execute(request, sink, control));
  }
}
