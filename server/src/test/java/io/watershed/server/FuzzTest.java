package io.watershed.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.server.ServerFixture.Running;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every route and parameter of the document with input that is missing, wrong, huge, hostile. */
class FuzzTest {
  private static final List<String> HOSTILE =
      List.of(
          "'",
          "' OR 1=1 --",
          "\"",
          "%00",
          "..",
          "../../etc/passwd",
          "-1",
          "99999999999999999999999",
          "1e400",
          "NaN",
          "null",
          "{}",
          "[]",
          "<script>alert(1)</script>",
          "\u0000",
          "\ud83d\ude00",
          "\u202e",
          "shardId-1:",
          "shardId-1:1:1:1",
          "{{7*7}}",
          "${jndi:ldap://x}",
          "a".repeat(3_000));

  private static final List<String> BODIES =
      List.of(
          "",
          "null",
          "[]",
          "1",
          "\"x\"",
          "{",
          "{\"a\":1}{\"b\":2}",
          "{\"sql\":1}",
          "{\"sql\":null}",
          "{\"sql\":\"\"}",
          "{\"sql\":\"SELECT 1\",\"sql\":\"SELECT 2\"}",
          "{\"sql\":\"\\u0000\"}",
          "{\"sql\":\"SELECT 1\",\"as_of\":\"{}\"}",
          "{\"sql\":\"SELECT 1\",\"as_of\":\"deadbeefdead\"}",
          "{\"sql\":\"SELECT 1\",\"live\":\"maybe\"}",
          "{\"stream\":\"nowhere\",\"target\":\"copies\"}",
          "{\"stream\":\"orders\",\"target\":\"copies\",\"from\":\"never\"}",
          "{\"stream\":\"orders\",\"target\":\"copies\",\"from_position\":[\"x\",1]}",
          "{\"stream\":\"orders\",\"target\":\"copies\",\"from_position\":[\"a:b\"]}",
          "{\"stream\":\"orders\",\"target\":\"copies\",\"pace\":{\"share\":2}}",
          "{\"stream\":\"orders\",\"target\":\"copies\",\"compact\":{\"key\":\"(\"}}",
          "{\"stream\":\"orders\",\"target\":\"copies\",\"set_sql\":{\"a\":\"read_text('/x')\"}}",
          "{\"stream\":\"orders\",\"target\":\"copies\",\"set\":{\"_\":\""
              + "x".repeat(9_000)
              + "\"}}",
          "{\"stream\":\"orders\",\"target\":\"copies\",\"max_records\":-1}",
          "{\"stream\":\"orders\",\"target\":\"arn:aws:kinesis:x\"}",
          "[".repeat(5_000),
          "{\"a\":".repeat(100) + "1" + "}".repeat(100),
          "\ufeff{}",
          "{\"force\":\"yes\"}",
          "{\"unknown\":1}",
          "{\"sql\":\"" + "x".repeat(2_000_000) + "\"}");

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static Running server;
  private static JsonNode document;

  @BeforeAll
  static void start() throws Exception {
    server = ServerFixture.shared().serve();
    document = server.json("/api/v1/openapi.json");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private record Operation(String method, String path, JsonNode json) {
    List<String> names(String in) {
      List<String> names = new ArrayList<>();
      for (JsonNode parameter : json.path("parameters")) {
        if (parameter.path("in").asText().equals(in)) {
          names.add(parameter.path("name").asText());
        }
      }
      return names;
    }
  }

  private static List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        all.add(
            new Operation(
                method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()));
      }
    }
    return all;
  }

  @Test
  void theDocumentDescribesEveryRouteWithASummaryAndAnAnswer() {
    assertThat(document.path("openapi").asText()).startsWith("3.1");
    assertThat(operations()).hasSizeGreaterThan(25);
    for (Operation operation : operations()) {
      assertThat(operation.json().path("summary").asText()).as(operation.path()).endsWith(".");
      assertThat(operation.json().path("responses").size()).as(operation.path()).isGreaterThan(1);
      for (String name : operation.names("path")) {
        assertThat(operation.path()).contains("{" + name + "}");
      }
    }
  }

  @Test
  void hostileParametersAreProblemsAndNeverDefects() throws Exception {
    for (Operation operation : operations()) {
      for (String hostile : HOSTILE) {
        String value = URLEncoder.encode(hostile, StandardCharsets.UTF_8);
        if (!operation.names("path").isEmpty()) {
          check(operation, operation.path().replaceAll("\\{[a-z]+\\}", value), "", "{}");
        }
        for (String name : operation.names("query")) {
          check(operation, existing(operation.path()), "?" + name + "=" + value, "{}");
        }
      }
      String path = existing(operation.path());
      check(operation, path, "?surely_unknown=1", "{}");
      for (String name : operation.names("query")) {
        check(operation, path, "?" + name + "=&" + name + "=1", "{}");
      }
    }
  }

  @Test
  void hostileBodiesAreProblemsAndNeverDefects() throws Exception {
    for (Operation operation : operations()) {
      if (!operation.method().equals("GET")) {
        for (String body : BODIES) {
          check(operation, existing(operation.path()), "", body);
        }
      }
    }
  }

  @Test
  void hostileHeadersAndRequestLinesAreProblems() throws Exception {
    List<String> requests =
        List.of(
            "GET /api/v1/streams HTTP/1.1\r\n\r\n",
            "GET /api/v1/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /api/v1/streams/a%2fb%2f..%2f..%2fc HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /api/v1/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /api/v1/streams?%ff=%fe HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "BREW /api/v1/streams HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /api/v1/streams HTTP/1.1\r\nHost: localhost\r\nX: "
                + "x".repeat(20_000)
                + "\r\n\r\n",
            "POST /api/v1/statements HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json"
                + "\r\nContent-Length: 99999999999\r\n\r\n",
            "POST /api/v1/statements HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json"
                + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "nonsense\r\n\r\n");
    for (String request : requests) {
      try (Socket socket = new Socket("127.0.0.1", server.server().address().getPort())) {
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        String status = line(socket.getInputStream());
        assertThat(status).as(request).matches("HTTP/1\\.1 4\\d\\d .*");
      }
    }
    assertThat(server.json("/server").path("version").asText()).isEqualTo("test");
  }

  @Test
  void whoSendsFarTooMuchIsToldSoAndNotCutOff() throws Exception {
    int length = 12 << 20; // more than what the two sockets hold
    String head =
        "POST /api/v1/statements HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            + "Content-Length: "
            + length
            + "\r\n\r\n";
    try (Socket socket = new Socket("127.0.0.1", server.server().address().getPort())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().write(new byte[length]);
      assertThat(line(socket.getInputStream())).startsWith("HTTP/1.1 413 ");
    }
  }

  private static String line(InputStream in) throws Exception {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c > 0 && c != '\r'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  private static String existing(String path) {
    return path.replace("{stream}", "orders").replaceAll("\\{[a-z]+\\}", "0123456789ab");
  }

  /** A kept connection may end at any time; as a browser does, it is asked once more on another. */
  private static HttpResponse<InputStream> answer(HttpRequest request, String shown)
      throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
      } catch (IOException e) {
        if (attempt == 2) {
          throw new AssertionError(shown, e);
        }
      }
    }
  }

  /** Whatever is asked: an answer that is meant, or problem details, which leak nothing. */
  private static void check(Operation operation, String path, String query, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(java.net.URI.create(server.server().address() + path + query))
            .timeout(Duration.ofSeconds(60));
    if (operation.method().equals("GET")) {
      request.GET();
    } else {
      request
          .header("Content-Type", "application/json")
          .method(operation.method(), BodyPublishers.ofString(body));
    }
    String what = operation.method() + " " + path + query;
    String shown = what.substring(0, Math.min(200, what.length()));
    HttpResponse<InputStream> answer = answer(request.build(), shown);
    assertThat(answer.statusCode()).as(shown).isLessThan(500);
    String type = answer.headers().firstValue("Content-Type").orElse("");
    try (InputStream in = answer.body()) {
      if (type.startsWith("text/event-stream")) {
        return; // it began to listen, and is left
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      if (answer.statusCode() >= 400) {
        assertThat(type).as(shown).isEqualTo("application/problem+json");
        JsonNode problem = ServerFixture.JSON.readTree(text);
        assertThat(problem.path("status").asInt()).as(shown).isEqualTo(answer.statusCode());
        assertThat(problem.path("code").asText()).as(shown).isNotEmpty();
        assertThat(problem.path("detail").asText()).as(shown).isNotEmpty();
        assertThat(text).doesNotContain("Exception").doesNotContain("io.watershed");
      }
    }
  }
}
