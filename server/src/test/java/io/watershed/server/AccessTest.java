package io.watershed.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.core.config.ServerSettings.Limits;
import io.watershed.core.config.ServerToken;
import io.watershed.server.ServerFixture.Running;
import io.watershed.server.http.AccessRule;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AccessTest {
  private static final String READER = "reader-token-0123456789";
  private static final String OPERATOR = "operator-token-0123456789";

  private static ServerFixture fixture;

  @BeforeAll
  static void start() throws Exception {
    fixture = ServerFixture.shared();
  }

  private static List<ServerToken> tokens() {
    return List.of(
        new ServerToken("rita", false, AccessRule.hash(READER)),
        new ServerToken("olga", true, AccessRule.hash(OPERATOR)));
  }

  private static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }

  @Test
  void aReaderMayAskAndAnOperatorMayChange() throws Exception {
    try (Running server = fixture.serve(Limits.DEFAULTS, tokens())) {
      assertThat(server.get("/streams").statusCode()).isEqualTo(401);
      assertThat(server.get("/streams").headers().firstValue("WWW-Authenticate"))
          .contains("Bearer");
      assertThat(server.get("/streams", bearer("wrong-token-0123456789")).statusCode())
          .isEqualTo(401);
      assertThat(server.get("/streams", bearer(READER)).statusCode()).isEqualTo(200);
      assertThat(server.get("/audit", bearer(READER)).statusCode()).isEqualTo(403);
      Map<String, String> plan = Map.of("stream", "orders", "target", "copies");
      assertThat(server.post("/replays/plans", plan, bearer(READER)).statusCode()).isEqualTo(403);
      assertThat(server.post("/replays/plans/count", plan, bearer(READER)).statusCode())
          .isEqualTo(200);
      JsonNode self = ServerFixture.JSON.readTree(server.get("/server", bearer(OPERATOR)).body());
      assertThat(self.path("role").asText()).isEqualTo("operate");
      assertThat(self.path("caller").asText()).isEqualTo("olga");
      assertThat(self.path("token_required").asBoolean()).isTrue();
      HttpResponse<String> audit = server.get("/audit", bearer(OPERATOR));
      assertThat(audit.body()).contains("rita").doesNotContain(READER).doesNotContain(OPERATOR);
      assertThat(server.get("/api/v1/openapi.json").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aReaderCannotCancelSomebodyElsesStatement() throws Exception {
    try (Running server = fixture.serve(Limits.DEFAULTS, tokens())) {
      HttpResponse<String> submitted =
          server.post("/statements", Map.of("sql", "SELECT 1"), bearer(OPERATOR));
      String id = ServerFixture.JSON.readTree(submitted.body()).path("id").asText();

      assertThat(server.delete("/statements/" + id, bearer(READER)).statusCode()).isEqualTo(403);
      assertThat(server.delete("/statements/" + id, bearer(OPERATOR)).statusCode()).isEqualTo(204);
    }
  }

  @Test
  void aPageOfAnotherOriginCannotDoAnything() throws Exception {
    try (Running server = fixture.serve()) {
      Map<String, String> body = Map.of("sql", "SELECT 1");
      String own = server.server().address().toString();

      assertThat(server.post("/statements", body, "Origin", "http://evil.example").statusCode())
          .isEqualTo(403);
      assertThat(server.post("/statements", body, "Origin", "null").statusCode()).isEqualTo(403);
      assertThat(server.post("/statements", body, "Sec-Fetch-Site", "cross-site").statusCode())
          .isEqualTo(403);
      assertThat(
              server
                  .post("/statements", body, "Origin", own, "Sec-Fetch-Site", "same-origin")
                  .statusCode())
          .isEqualTo(201);
      HttpRequest.Builder form =
          HttpRequest.newBuilder(server.at("/statements"))
              .header("Content-Type", "text/plain")
              .POST(HttpRequest.BodyPublishers.ofString("{\"sql\":\"SELECT 1\"}"));
      assertThat(server.send(form).statusCode()).isEqualTo(415);
    }
  }

  @Test
  void aNameThatIsNotLoopbacksIsRefused() throws Exception {
    try (Running server = fixture.serve();
        Socket socket = new Socket("127.0.0.1", server.server().address().getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /api/v1/streams HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 421").contains("application/problem+json");
    }
  }

  @Test
  void everyAnswerHasItsSecurityHeadersAndSaysNothingOfTheServer() throws Exception {
    try (Running server = fixture.serve()) {
      for (String path : List.of("/streams", "/nowhere", "/api/v1/openapi.json")) {
        HttpResponse<String> answer = server.get(path);

        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
            .contains("default-src 'none'")
            .contains("frame-ancestors 'none'")
            .doesNotContain("unsafe");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("Server")).isEmpty();
      }
    }
  }

  @Test
  void tooManyRequestsOrSessionsAreRefused() throws Exception {
    Limits tight = Limits.DEFAULTS.withRate(1, 3).withSessions(4, 1);
    try (Running server = fixture.serve(tight, List.of())) {
      HttpResponse<String> last = server.get("/server");
      for (int i = 0; i < 10 && last.statusCode() == 200; i++) {
        last = server.get("/server");
      }
      assertThat(last.statusCode()).isEqualTo(429);
      assertThat(last.headers().firstValue("Retry-After")).isPresent();
    }
    Limits oneTail = Limits.DEFAULTS.withRate(1_000, 1_000).withSessions(4, 1);
    try (Running server = fixture.serve(oneTail, List.of());
        Events tail = Events.of(server, "/streams/orders/tail")) {
      tail.awaitLine(": open");

      assertThat(server.get("/streams/orders/tail").statusCode()).isEqualTo(429);
    }
  }

  @Test
  void aServerThatStopsTellsWhoListensAndEndsStatementsWithTheReason() throws Exception {
    Running server = fixture.serve();
    try (Events events = Events.of(server, "/events")) {
      assertThat(events.awaitLine("data: ")).contains("\"orders\"");
      String sql = "SELECT count(*) FROM range(1000000000000) t(i) WHERE i * i % 7 = 3";
      String id = server.submit(Map.of("sql", sql));
      ServerFixture.await(
          () -> {
            try {
              return server.json("/statements/" + id).path("step").asText().equals("run");
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      HttpClient client = HttpClient.newHttpClient();
      var waiting =
          client.sendAsync(
              HttpRequest.newBuilder(server.at("/statements/" + id + "?wait=20")).build(),
              HttpResponse.BodyHandlers.ofString());

      server.close();

      assertThat(events.awaitLine("event: stopping")).isNotNull();
      // As the end of the statement, or, if it came late, as the answer to the request.
      assertThat(waiting.get().body()).contains("\"code\":\"stopping\"");
    }
  }

  /** Lines of a stream of events. */
  private record Events(BufferedReader lines) implements AutoCloseable {
    static Events of(Running server, String path) throws Exception {
      HttpResponse<java.io.InputStream> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(server.at(path)).build(),
                  HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      return new Events(
          new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8)));
    }

    String awaitLine(String prefix) throws Exception {
      String line = lines.readLine();
      while (!line.startsWith(prefix)) {
        line = lines.readLine();
      }
      return line;
    }

    @Override
    public void close() throws Exception {
      lines.close();
    }
  }
}
