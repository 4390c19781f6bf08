package io.watershed.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.server.ServerFixture.Running;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RecordApiTest {
  private static ServerFixture fixture;
  private static Running server;

  @BeforeAll
  static void start() throws Exception {
    fixture = ServerFixture.shared();
    server = fixture.serve();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void pagesCrossTheSeamAndHoldEachRecordOnceInOneCut() throws Exception {
    for (String order : List.of("oldest", "newest")) {
      Set<String> positions = new HashSet<>();
      Set<String> receipts = new HashSet<>();
      List<String> times = new ArrayList<>();
      String next = "";
      int pages = 0;
      while (next != null) {
        JsonNode page =
            server.json(
                "/streams/orders/records?limit=150&order="
                    + order
                    + (next.isEmpty() ? "" : "&page=" + next));
        page.path("records")
            .forEach(
                record -> {
                  positions.add(record.path("position").asText());
                  times.add(record.path("arrival_time").asText());
                });
        receipts.add(page.path("receipt").asText());
        next = page.path("next").textValue();
        pages++;
      }

      assertThat(positions).hasSize(ServerFixture.ALL);
      assertThat(receipts).hasSize(1);
      assertThat(pages).isEqualTo(3);
      List<java.time.Instant> instants = times.stream().map(java.time.Instant::parse).toList();
      assertThat(instants)
          .isSortedAccordingTo(
              order.equals("oldest")
                  ? java.util.Comparator.naturalOrder()
                  : java.util.Comparator.reverseOrder());
    }
  }

  @Test
  void recordsAreFoundByKeyConditionShardAndPlace() throws Exception {
    JsonNode failed =
        server.json("/streams/orders/records?key=key-4&where=" + encoded("status = 'failed'"));
    assertThat(failed.path("records")).hasSize(6);
    assertThat(failed.path("records").get(0).path("partition_key").asText()).isEqualTo("key-4");

    JsonNode first = server.json("/streams/orders/records?order=oldest&limit=1&key=key-4");
    JsonNode record = first.path("records").get(0);
    JsonNode after =
        server.json(
            "/streams/orders/records?order=oldest&limit=500&key=key-4&after="
                + record.path("position").asText());
    assertThat(after.path("records")).hasSize(39);
    JsonNode elsewhere = server.json("/streams/orders/records?shard=shardId-000000009999");
    assertThat(elsewhere.path("records")).isEmpty();
    assertThat(server.json("/streams/orders/records?to=2020-01-01").path("records")).isEmpty();
  }

  @Test
  void aRecordIsShownExactlyAsItCame() throws Exception {
    JsonNode page = server.json("/streams/orders/records?limit=1&where=" + encoded("id = 399"));
    JsonNode record = page.path("records").get(0);
    assertThat(record.path("side").asText()).isEqualTo("live");

    JsonNode whole = server.json("/streams/orders/records/" + record.path("position").asText());

    assertThat(whole.path("payload_text").asText())
        .contains("\"big\":9007199254740993")
        .contains(ServerFixture.HOSTILE);
    assertThat(whole.path("payload_format").asText()).isEqualTo("json");
    assertThat(whole.path("columns").path("big").asText()).isEqualTo("9007199254740993");
    assertThat(whole.path("columns").path("id").asInt()).isEqualTo(399);
    assertThat(server.get("/streams/orders/records/shardId-000000000000:1").statusCode())
        .isEqualTo(404);
  }

  @Test
  void aPageOfAnotherQuestionOrAConditionThatIsNoneIsRefused() throws Exception {
    JsonNode page = server.json("/streams/orders/records?limit=1");
    String next = page.path("next").asText();

    assertThat(server.get("/streams/orders/records?limit=1&key=a&page=" + next).statusCode())
        .isEqualTo(400);
    assertThat(server.get("/streams/orders/records?page=AAAA").statusCode()).isEqualTo(400);
    for (String where :
        List.of(
            "1 = 1) UNION SELECT (1",
            "id IN (SELECT id FROM orders)",
            "true; DROP TABLE x",
            "read_text('/etc/passwd') = ''")) {
      HttpResponse<String> answer = server.get("/streams/orders/records?where=" + encoded(where));
      assertThat(answer.statusCode()).as(where).isEqualTo(422);
    }
  }

  @Test
  void aTailFromTheStartDeliversArchivedAndLiveRecordsOnce() throws Exception {
    Set<String> positions = new HashSet<>();
    HttpRequest request =
        HttpRequest.newBuilder(server.at("/streams/orders/tail?from=start")).build();
    HttpResponse<java.io.InputStream> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      boolean record = false;
      while (positions.size() < ServerFixture.ALL) {
        String line = lines.readLine();
        if (line.startsWith("data: ") && record) {
          String position =
              ServerFixture.JSON.readTree(line.substring(6)).path("position").asText();
          assertThat(positions.add(position)).as(position).isTrue();
        }
        record = line.equals("event: record") || (record && line.startsWith("data: "));
        if (line.isEmpty()) {
          record = false;
        }
      }
    }

    assertThat(positions).hasSize(ServerFixture.ALL);
  }

  @Test
  void aTailThatCannotBeginIsAProblemAndNoStream() throws Exception {
    assertThat(server.get("/streams/orders/tail?from=nonsense").statusCode()).isEqualTo(400);
    assertThat(server.get("/streams/orders/tail?where=" + encoded("1;2")).statusCode())
        .isEqualTo(422);
    assertThat(server.get("/streams/nowhere/tail").statusCode()).isEqualTo(404);
  }

  @Test
  void streamsSayWhatIsArchivedAndWhatWaits() throws Exception {
    JsonNode stream = server.json("/streams/orders");
    assertThat(stream.path("rows").asInt()).isEqualTo(ServerFixture.ARCHIVED);
    assertThat(stream.path("configured").asBoolean()).isTrue();
    assertThat(stream.path("archiving").asText()).isEqualTo("none");
    // A shard whose reads others have used up says so, and is asked again.
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (waiting(stream) != ServerFixture.ALL - ServerFixture.ARCHIVED) {
      assertThat(System.nanoTime()).as(stream.toString()).isLessThan(end);
      Thread.sleep(200);
      stream = server.json("/streams/orders");
    }

    assertThat(server.json("/streams").path("streams").findValuesAsText("stream"))
        .containsExactly("copies", "orders");
    assertThat(server.json("/streams").path("streams").get(0).has("lineage")).isFalse();
    assertThat(server.json("/streams/orders/history").path("samples")).isNotEmpty();
    assertThat(server.json("/streams/orders/growth").path("snapshots").get(0).path("rows").asInt())
        .isEqualTo(ServerFixture.ARCHIVED);
    assertThat(server.json("/schema").path("tables").findValuesAsText("name"))
        .contains("orders", "orders_live", "watershed.shards");
  }

  private static int waiting(JsonNode stream) {
    int waiting = 0;
    for (JsonNode shard : stream.path("lineage")) {
      waiting += shard.path("waiting_records").asInt();
    }
    return waiting;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
