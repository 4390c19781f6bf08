package io.watershed.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * One client of the REST API with a token of its own. An answer 429 or 503 with Retry-After is
 * waited out and asked again, as the API's documentation says; anything else that is not 2xx is an
 * error. Used by one thread.
 */
final class ServerClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpClient http;
  private final URI server;
  private final String token;
  private final ClientLog log;

  ServerClient(HttpClient http, URI server, String token, ClientLog log) {
    this.http = http;
    this.server = server;
    this.token = token;
    this.log = log;
  }

  /** What went wrong, in the server's words. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return JSON.readTree(text(request(path).GET()));
  }

  String text(String path) throws IOException, InterruptedException {
    return text(request(path).GET());
  }

  JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
    return JSON.readTree(
        text(
            request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))));
  }

  void delete(String path) throws IOException, InterruptedException {
    String unused = text(request(path).DELETE());
  }

  /** A stream of events; close it. */
  InputStream events(String path) throws IOException, InterruptedException {
    while (true) {
      HttpResponse<InputStream> response =
          http.send(
              request(path).timeout(Duration.ofMinutes(30)).GET().build(),
              BodyHandlers.ofInputStream());
      if (response.statusCode() == 200) {
        return response.body();
      }
      String text;
      try (InputStream body = response.body()) {
        text = new String(body.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      }
      await(response, text);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.resolve(path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + token);
  }

  private String text(HttpRequest.Builder request) throws IOException, InterruptedException {
    while (true) {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() / 100 == 2) {
        return response.body();
      }
      await(response, response.body());
    }
  }

  private void await(HttpResponse<?> response, String body) throws InterruptedException, Refused {
    int status = response.statusCode();
    long seconds = response.headers().firstValueAsLong("Retry-After").orElse(0);
    if ((status != 429 && status != 503) || seconds == 0) {
      throw new Refused(response.uri().getPath() + ": " + status + " " + body);
    }
    log.waited();
    Thread.sleep(Duration.ofSeconds(seconds).toMillis());
  }
}
