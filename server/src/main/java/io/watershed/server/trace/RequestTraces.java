package io.watershed.server.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A span for each request of the API, by the conventions for HTTP servers
 * (https://opentelemetry.io/docs/specs/semconv/http/http-spans). Thread-safe.
 */
public final class RequestTraces {
  /** Traces nothing. */
  public static final RequestTraces NONE = new RequestTraces(OpenTelemetry.noop());

  static final String SCOPE = "io.watershed.server";

  private static final TextMapGetter<Function<String, @Nullable String>> HEADERS =
      new TextMapGetter<>() {
        @Override
        @SuppressWarnings("deprecation") // to be written all the same
        public Iterable<String> keys(Function<String, @Nullable String> headers) {
          return List.of();
        }

        @Override
        public @Nullable String get(
            @Nullable Function<String, @Nullable String> headers, String name) {
          return headers == null ? null : headers.apply(name);
        }
      };

  private final Tracer tracer;
  private final TextMapPropagator propagator;

  /** Of this telemetry. */
  public RequestTraces(OpenTelemetry telemetry) {
    this.tracer = telemetry.getTracer(SCOPE);
    this.propagator = telemetry.getPropagators().getTextMapPropagator();
  }

  /**
   * How a request ended.
   *
   * @param status of the answer
   * @param problem the code of the problem that was answered
   */
  public record Answer(int status, Optional<String> problem) {}

  /**
   * Answers a request in a span, as part of the caller's trace if it has one.
   *
   * @param route such as {@code /api/v1/statements/{id}}
   * @param header finds a header; null if there is none
   * @param answering throws nothing
   */
  public void request(
      String method,
      String route,
      Function<String, @Nullable String> header,
      Supplier<Answer> answering) {
    Context parent = propagator.extract(Context.root(), header, HEADERS);
    Span span =
        tracer
            .spanBuilder(method + " " + route)
            .setParent(parent)
            .setSpanKind(SpanKind.SERVER)
            .setAttribute("http.request.method", method)
            .setAttribute("http.route", route)
            .startSpan();
    try (Scope scope = span.makeCurrent()) {
      Answer answer = answering.get();
      span.setAttribute("http.response.status_code", answer.status());
      answer.problem().ifPresent(code -> span.setAttribute("error.type", code));
      if (answer.status() >= 500) {
        span.setStatus(StatusCode.ERROR);
      }
    } finally {
      span.end();
    }
  }
}
