package io.watershed.query;

/**
 * Passes everything on to another engine, which stays its owner's: closing this does not close it.
 * For engines that do something beside. As thread-safe as the other engine.
 */
public abstract class ForwardingEngine implements QueryEngine {
  private final QueryEngine engine;

  /** Passes everything on to this engine. */
  protected ForwardingEngine(QueryEngine engine) {
    this.engine = engine;
  }

  @Override
  public QueryOutcome execute(SqlRequest request, ResultSink sink, StatementControl control) {
    return engine.execute(request, sink, control);
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
