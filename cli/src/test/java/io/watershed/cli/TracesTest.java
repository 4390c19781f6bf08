package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class TracesTest {
  @Test
  void spansReachACollectorByHttp() throws Exception {
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    List<String> paths = new CopyOnWriteArrayList<>();
    ByteArrayOutputStream bodies = new ByteArrayOutputStream();
    collector.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().transferTo(bodies);
          paths.add(exchange.getRequestURI().getPath());
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort();
    System.setProperty("otel.exporter.otlp.endpoint", endpoint);
    try (Traces traces = Traces.open()) {
      traces.telemetry().getTracer("test").spanBuilder("statement of a test").startSpan().end();
    } finally {
      System.clearProperty("otel.exporter.otlp.endpoint");
      collector.stop(0);
    }

    assertThat(paths).contains("/v1/traces").allMatch("/v1/traces"::equals);
    assertThat(bodies.toString(StandardCharsets.ISO_8859_1))
        .contains("statement of a test", "watershed");
  }

  @Test
  void withoutTheOptionNothingIsCollected() {
    try (Traces traces = Traces.none()) {
      assertThat(traces.telemetry()).isNotInstanceOf(OpenTelemetrySdk.class);
    }
  }
}
