package io.watershed.server.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.watershed.core.error.WatershedException;
import io.watershed.query.QueryOutcome;
import io.watershed.query.StatementReport.StepTime;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Supplier;

/** A span for each statement, with one for each of its steps below it. Thread-safe. */
public final class StatementTraces {
  private final Tracer tracer;
  private final Clock clock;

  /** Of this telemetry. */
  public StatementTraces(OpenTelemetry telemetry, Clock clock) {
    this.tracer = telemetry.getTracer(RequestTraces.SCOPE);
    this.clock = clock;
  }

  /** What a statement that is submitted now belongs to, wherever it runs later. */
  public static Context here() {
    return Context.current();
  }

  /**
   * Runs a statement in a span.
   *
   * @param parent where it was asked for
   */
  public QueryOutcome run(Context parent, String engine, Supplier<QueryOutcome> statement) {
    Instant begun = clock.instant();
    Span span =
        tracer
            .spanBuilder("statement")
            .setParent(parent)
            .setStartTimestamp(begun)
            .setAttribute("watershed.engine", engine)
            .startSpan();
    try (Scope scope = span.makeCurrent()) {
      QueryOutcome outcome = statement.get();
      span.setAttribute("watershed.receipt", outcome.receipt().id());
      span.setAttribute("watershed.rows", outcome.rows());
      steps(span, begun, outcome);
      return outcome;
    } catch (WatershedException e) {
      span.setAttribute("error.type", e.code().text());
      span.setStatus(StatusCode.ERROR);
      throw e;
    } catch (RuntimeException | Error e) {
      span.setStatus(StatusCode.ERROR);
      throw e;
    } finally {
      span.end(clock.instant());
    }
  }

  private void steps(Span span, Instant begun, QueryOutcome outcome) {
    Instant at = begun;
    for (StepTime step : outcome.report().steps()) {
      Instant end = at.plus(step.elapsed());
      tracer
          .spanBuilder(step.step().name().toLowerCase(Locale.ROOT))
          .setParent(Context.root().with(span))
          .setStartTimestamp(at)
          .startSpan()
          .end(end);
      at = end;
    }
  }
}
