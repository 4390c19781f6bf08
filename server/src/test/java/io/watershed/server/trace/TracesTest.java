package io.watershed.server.trace;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.Receipt;
import io.watershed.query.QueryEngine;
import io.watershed.query.QueryOutcome;
import io.watershed.query.RecordScan;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import io.watershed.query.ScanRequest;
import io.watershed.query.SqlRequest;
import io.watershed.query.StatementControl;
import io.watershed.query.StatementControl.Step;
import io.watershed.query.StatementReport;
import io.watershed.query.StatementReport.StepTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TracesTest {
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final OpenTelemetry telemetry =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(spans))
                  .build())
          .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
          .build();

  @Test
  void aRequestIsASpanOfTheCallersTraceAndItsStatementIsBelowItWithItsSteps() {
    Map<String, String> headers =
        Map.of("traceparent", "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01");
    AtomicReference<Context> asked = new AtomicReference<>(Context.root());
    new RequestTraces(telemetry)
        .request(
            "POST",
            "/api/v1/statements",
            headers::get,
            () -> {
              asked.set(StatementTraces.here());
              return new RequestTraces.Answer(201, Optional.empty());
            });

    new StatementTraces(telemetry, Clock.systemUTC())
        .run(asked.get(), "duckdb", TracesTest::outcome);

    SpanData http = span("POST /api/v1/statements");
    assertThat(http.getTraceId()).isEqualTo("0123456789abcdef0123456789abcdef");
    assertThat(http.getParentSpanId()).isEqualTo("0123456789abcdef");
    assertThat(http.getAttributes().get(longKey("http.response.status_code"))).isEqualTo(201);
    SpanData statement = span("statement");
    assertThat(statement.getParentSpanId()).isEqualTo(http.getSpanId());
    assertThat(statement.getAttributes().get(longKey("watershed.rows"))).isEqualTo(3);
    assertThat(span("cut").getParentSpanId()).isEqualTo(statement.getSpanId());
    assertThat(span("run").getStartEpochNanos()).isEqualTo(span("cut").getEndEpochNanos());
    assertThat(span("cut").getEndEpochNanos() - span("cut").getStartEpochNanos())
        .isEqualTo(Duration.ofMillis(20).toNanos());
  }

  @Test
  void anErrorHasItsCodeAndNothingOfTheStatement() {
    StatementTraces traces = new StatementTraces(telemetry, Clock.systemUTC());
    assertThatThrownBy(
            () ->
                traces.run(
                    Context.root(),
                    "duckdb",
                    () -> {
                      throw new WatershedException(ErrorCode.SQL, "no column 'secret'", "");
                    }))
        .isInstanceOf(WatershedException.class);

    SpanData failed = span("statement");
    assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(failed.getAttributes().get(stringKey("error.type"))).isEqualTo("sql");
    assertThat(failed.toString()).doesNotContain("secret");
  }

  /** As Flight SQL asks: there is no request of HTTP. */
  @Test
  void aStatementOfAnotherProtocolIsATraceOfItsOwn() {
    QueryEngine traced =
        new TracedEngine(
            new OneAnswer(), new StatementTraces(telemetry, Clock.systemUTC()), "duckdb");
    assertThat(traced.execute(SqlRequest.of("SELECT 1"), new NoSink()).rows()).isEqualTo(3);
    assertThat(span("statement").getParentSpanContext().isValid()).isFalse();
    assertThat(span("statement").getAttributes().get(stringKey("watershed.engine")))
        .isEqualTo("duckdb");
    assertThat(span("cut").getParentSpanId()).isEqualTo(span("statement").getSpanId());
  }

  /** Answers the same to everything. */
  private static final class OneAnswer implements QueryEngine {
    @Override
    public QueryOutcome execute(SqlRequest request, ResultSink sink, StatementControl control) {
      return outcome();
    }

    @Override
    public RecordScan scan(ScanRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void requireRepeatable(ScanRequest request) {}

    @Override
    public void requirePredicate(String predicate) {}

    @Override
    public void close() {}
  }

  private static final class NoSink implements ResultSink {
    @Override
    public void begin(List<ResultColumn> columns) {}

    @Override
    public void row(@Nullable Object[] values) {}

    @Override
    public void end(QueryOutcome outcome) {}
  }

  private static QueryOutcome outcome() {
    return new QueryOutcome(
        3,
        new Receipt("0123456789ab", "{}", Instant.EPOCH, List.of()),
        Duration.ofMillis(50),
        List.of(),
        new StatementReport(
            List.of(),
            List.of(
                new StepTime(Step.CUT, Duration.ofMillis(20)),
                new StepTime(Step.RUN, Duration.ofMillis(30)))));
  }

  private SpanData span(String name) {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
