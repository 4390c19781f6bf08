package io.watershed.server.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.archive.ShardStatus;
import io.watershed.archive.StreamStatus;
import io.watershed.archive.StreamStatus.Phase;
import io.watershed.core.checkpoint.After;
import io.watershed.core.config.ServerSettings.Limits;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.server.ListenAddress;
import io.watershed.server.http.AccessRule;
import io.watershed.server.http.AuditSink;
import io.watershed.server.http.ServerMetrics;
import io.watershed.server.http.WebServer;
import io.watershed.server.trace.RequestTraces;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MonitorTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @Test
  void metricsAreInThePrometheusFormatWithStreamAndShard() throws Exception {
    try (WebServer endpoint = open(Optional.empty(), status(Phase.RUNNING))) {
      HttpResponse<String> answer = get(endpoint, "/metrics", Map.of());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/plain; version=0.0.4");
      assertThat(answer.body())
          .contains("# TYPE watershed_archived_records_total counter")
          .contains("watershed_archived_records_total{stream=\"orders\"} 12.0")
          .contains("watershed_stream_up{stream=\"orders\"} 1.0")
          .contains("watershed_last_commit_timestamp_seconds{stream=\"orders\"} 1.5E9")
          .contains(
              "watershed_shard_behind_seconds{shard=\"shardId-000000000000\",stream=\"orders\"}"
                  + " 61.5");
    }
  }

  @Test
  void healthIs503WhenAStreamHasEndedOrIsFenced() throws Exception {
    for (Phase phase : Phase.values()) {
      boolean sick = phase == Phase.DONE || phase == Phase.FENCED;
      try (WebServer endpoint = open(Optional.empty(), status(phase))) {
        HttpResponse<String> answer = get(endpoint, "/health", Map.of());

        assertThat(answer.statusCode()).as("%s", phase).isEqualTo(sick ? 503 : 200);
        assertThat(answer.body()).contains("\"ok\":" + !sick).contains("\"stream\":\"orders\"");
      }
    }
  }

  @Test
  void aTokenIsDemandedOfEverybodyOnceItIsSet() throws Exception {
    try (WebServer endpoint = open(Optional.of(TOKEN), status(Phase.RUNNING))) {
      assertThat(get(endpoint, "/metrics", Map.of()).statusCode()).isEqualTo(401);
      assertThat(get(endpoint, "/metrics", bearer("0123456789abcdeX")).statusCode()).isEqualTo(401);
      assertThat(get(endpoint, "/metrics", bearer(TOKEN)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void listeningBeyondLoopbackWithoutATokenIsRefused() {
    InetSocketAddress everywhere = ListenAddress.parse("0.0.0.0:0").resolve();

    assertThatThrownBy(() -> AccessRule.of(everywhere, List.of()))
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE));
    assertThatThrownBy(() -> AccessRule.reader("test", "short")).hasMessageContaining("shorter");
  }

  @Test
  void aPageThatRenamedItselfToLoopbackIsRefused() throws Exception {
    try (WebServer endpoint = open(Optional.empty(), status(Phase.RUNNING));
        java.net.Socket socket = new java.net.Socket("127.0.0.1", endpoint.address().getPort())) {
      socket
          .getOutputStream()
          .write("GET /metrics HTTP/1.0\r\nHost: evil.example:80\r\n\r\n".getBytes("US-ASCII"));

      assertThat(new String(socket.getInputStream().readNBytes(12), "US-ASCII"))
          .isEqualTo("HTTP/1.1 421");
    }
  }

  @Test
  void otherPathsAndMethodsAreRefused() throws Exception {
    try (WebServer endpoint = open(Optional.empty(), status(Phase.RUNNING))) {
      assertThat(get(endpoint, "/", Map.of()).statusCode()).isEqualTo(404);
      HttpRequest post =
          HttpRequest.newBuilder(endpoint.address().resolve("/metrics"))
              .POST(HttpRequest.BodyPublishers.ofString("x"))
              .build();
      assertThat(CLIENT.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(405);
    }
  }

  @Test
  void addressesAreAPortOrAHostAndAPort() {
    assertThat(ListenAddress.parse("9464")).isEqualTo(new ListenAddress("127.0.0.1", 9464));
    assertThat(ListenAddress.parse("[::1]:0").resolve().getAddress().isLoopbackAddress()).isTrue();
    for (String wrong : List.of("", "x", "host:", "70000", "a b:1", "http://x:1")) {
      assertThatThrownBy(() -> ListenAddress.parse(wrong)).hasMessageContaining("listen on");
    }
  }

  private static WebServer open(Optional<String> token, StreamStatus status) {
    InetSocketAddress address = ListenAddress.parse("0").resolve();
    return WebServer.open(
        address,
        Optional.empty(),
        AccessRule.of(
            address, token.map(text -> AccessRule.reader("test", text)).stream().toList()),
        Limits.DEFAULTS,
        AuditSink.NONE,
        new ServerMetrics(),
        RequestTraces.NONE,
        new MonitorRoutes(() -> List.of(status), samples -> {}).routes(),
        WebServer.Fallback.NONE);
  }

  private static Map<String, String> bearer(String token) {
    return Map.of("Authorization", "Bearer " + token);
  }

  private static HttpResponse<String> get(
      WebServer endpoint, String path, Map<String, String> headers) throws Exception {
    URI address = endpoint.address().resolve(path);
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    headers.forEach(request::header);
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static StreamStatus status(Phase phase) {
    ShardStatus shard =
        new ShardStatus(
            new ShardKey("arn@1", "shardId-000000000000"),
            List.of(),
            ShardStatus.State.READING,
            new After.Start(),
            Optional.empty(),
            12,
            3,
            1_000,
            Optional.of(Duration.ofMillis(61_500)),
            Optional.empty(),
            Optional.empty(),
            false);
    return new StreamStatus(
        "orders",
        phase,
        Optional.of("arn@1"),
        List.of(shard),
        12,
        1,
        2,
        0,
        0,
        10.5,
        5_000,
        1_000,
        Optional.of(Duration.ofMillis(61_500)),
        Optional.empty(),
        Optional.of(Instant.ofEpochSecond(1_500_000_000)),
        Optional.empty());
  }
}
