package io.watershed.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.core.config.ServerSettings.Limits;
import io.watershed.server.ServerFixture.Running;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StatementApiTest {
  private static final String ENDLESS =
      "SELECT count(*) FROM range(1000000000000) t(i) WHERE i * i % 7 = 3";

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
  void aStatementSeesArchiveAndLiveAndItsReceiptRepeatsIt() throws Exception {
    JsonNode first = server.run("SELECT count(*) AS n FROM orders");

    assertThat(first.path("state").asText()).isEqualTo("done");
    assertThat(rows(first, "").path("rows").toString()).isEqualTo("[[400]]");
    String receipt = first.path("receipt").asText();
    JsonNode again =
        server.awaitEnd(
            server.submit(
                Map.of("sql", "SELECT count(*) AS n FROM orders_live", "as_of", receipt)));
    assertThat(rows(again, "").path("rows").toString()).isEqualTo("[[100]]");
    assertThat(again.path("receipt").asText()).isEqualTo(receipt);
    assertThat(first.path("cost").path("streams").get(0).path("live_records").asInt())
        .isEqualTo(100);
  }

  @Test
  void aStatementForAnEngineThatIsNotThereFailsAndSaysSo() throws Exception {
    assertThat(server.json("/server").path("engines").toString()).isEqualTo("[\"duckdb\"]");
    JsonNode here = server.awaitEnd(server.submit(Map.of("sql", "SELECT 1", "engine", "duckdb")));
    assertThat(here.path("engine").asText()).isEqualTo("duckdb");
    assertThat(here.path("state").asText()).isEqualTo("done");

    JsonNode there = server.awaitEnd(server.submit(Map.of("sql", "SELECT 1", "engine", "drill")));
    assertThat(there.path("state").asText()).isEqualTo("failed");
    assertThat(there.path("problem").path("code").asText()).isEqualTo("config");
  }

  @Test
  void pagesCoverTheResultFromAnyRowOn() throws Exception {
    JsonNode statement = server.run("SELECT i FROM range(2500) t(i) ORDER BY i");

    JsonNode middle = rows(statement, "?offset=1700&limit=3");
    assertThat(middle.path("rows").toString()).isEqualTo("[[1700],[1701],[1702]]");
    assertThat(middle.path("total").asInt()).isEqualTo(2500);
    assertThat(rows(statement, "?offset=2499").path("rows").toString()).isEqualTo("[[2499]]");
    assertThat(rows(statement, "?offset=2500").path("rows")).isEmpty();
    assertThat(rows(statement, "?limit=10000").path("rows")).hasSize(2500);
  }

  @Test
  void valuesKeepWhatABrowserWouldRound() throws Exception {
    JsonNode statement =
        server.run(
            "SELECT 9007199254740993 AS big, 9007199254740991 AS safe, 1.10::DECIMAL(9,2) AS d,"
                + " 'x'::BLOB AS b, NULL AS n, [1, 9007199254740993] AS l,"
                + " TIMESTAMPTZ '2026-01-02 03:04:05Z' AS t, 'NaN'::DOUBLE AS nan");

    assertThat(rows(statement, "").path("rows").get(0).toString())
        .isEqualTo(
            "[\"9007199254740993\",9007199254740991,\"1.10\",\"eA==\",null,"
                + "[1,\"9007199254740993\"],\"2026-01-02T03:04:05Z\",\"NaN\"]");
  }

  @Test
  void aResultLeavesInEveryFormat() throws Exception {
    JsonNode statement = server.run("SELECT 1 AS a, 'x,y' AS b");
    String id = statement.path("id").asText();

    HttpResponse<String> csv = server.get("/statements/" + id + "/export?format=csv");
    assertThat(csv.body()).isEqualTo("a,b\r\n1,\"x,y\"\r\n");
    assertThat(csv.headers().firstValue("Content-Disposition").orElseThrow())
        .isEqualTo("attachment; filename=\"watershed-" + id + ".csv\"");
    assertThat(server.get("/statements/" + id + "/export?format=ndjson").body())
        .isEqualTo("{\"a\":1,\"b\":\"x,y\"}\n");
    assertThat(server.json("/statements/" + id + "/export?format=json").path("row_count").asInt())
        .isEqualTo(1);
    assertThat(server.get("/statements/" + id + "/export?format=parquet").body())
        .startsWith("PAR1")
        .endsWith("PAR1");
  }

  @Test
  void refusedSqlIsAFailedStatementThatSaysWhatToDo() throws Exception {
    for (String sql :
        List.of("DROP TABLE orders", "SELECT * FROM read_csv('/etc/passwd')", "SELEC 1")) {
      JsonNode statement = server.run(sql);

      assertThat(statement.path("state").asText()).isEqualTo("failed");
      assertThat(statement.path("problem").path("status").asInt()).isEqualTo(422);
      assertThat(statement.path("problem").path("code").asText()).isEqualTo("sql");
      assertThat(statement.path("problem").path("hint").asText()).isNotEmpty();
    }
  }

  @Test
  void aRunningStatementIsCancelledAndAWaitingOneNeverRuns() throws Exception {
    try (Running narrow = fixture.serve(Limits.DEFAULTS.withStatements(1, 1), List.of())) {
      String running = narrow.submit(Map.of("sql", ENDLESS));
      ServerFixture.await(() -> state(narrow, running).equals("running"));
      String waiting = narrow.submit(Map.of("sql", "SELECT 1"));

      HttpResponse<String> third = narrow.post("/statements", Map.of("sql", "SELECT 2"));
      assertThat(third.statusCode()).isEqualTo(429);
      assertThat(third.headers().firstValue("Retry-After")).isPresent();
      assertThat(state(narrow, waiting)).isEqualTo("queued");

      assertThat(narrow.delete("/statements/" + waiting).statusCode()).isEqualTo(204);
      assertThat(narrow.delete("/statements/" + running).statusCode()).isEqualTo(204);
      assertThat(narrow.awaitEnd(waiting).path("state").asText()).isEqualTo("cancelled");
      JsonNode ended = narrow.awaitEnd(running);
      assertThat(ended.path("state").asText()).isEqualTo("cancelled");
      assertThat(ended.path("problem").path("code").asText()).isEqualTo("cancelled");
      assertThat(narrow.run("SELECT 3").path("state").asText()).isEqualTo("done");
    }
  }

  private static String state(Running on, String id) {
    try {
      return on.json("/statements/" + id).path("state").asText();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aForgottenResultLeavesNoFile() throws Exception {
    try (Running own = fixture.serve()) {
      JsonNode statement = own.run("SELECT i FROM range(10) t(i)");
      String id = statement.path("id").asText();
      assertThat(files(own)).isEqualTo(1);

      assertThat(own.delete("/statements/" + id).statusCode()).isEqualTo(204);

      assertThat(files(own)).isZero();
      assertThat(own.get("/statements/" + id).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aResultThatNobodyAsksForIsDeleted() throws Exception {
    Limits brief = Limits.DEFAULTS.withResults(1 << 20, 1 << 20, Duration.ofMillis(1));
    try (Running own = fixture.serve(brief, List.of())) {
      own.submit(Map.of("sql", "SELECT 1"));

      ServerFixture.await(() -> files(own) == 0);
    }
  }

  @Test
  void aResultBeyondItsBoundIsCutAndSaysSo() throws Exception {
    Limits small = Limits.DEFAULTS.withResults(1 << 20, 4 << 20, Duration.ofMinutes(1));
    try (Running own = fixture.serve(small, List.of())) {
      JsonNode statement = own.run("SELECT i, repeat('x', 100) AS x FROM range(1000000) t(i)");

      assertThat(statement.path("state").asText()).isEqualTo("done");
      assertThat(statement.path("truncated").asBoolean()).isTrue();
      assertThat(statement.path("rows").asInt()).isBetween(1_000, 20_000);
      assertThat(statement.path("bytes").asLong()).isLessThanOrEqualTo(1 << 20);
      assertThat(statement.path("notes").toString()).contains("not whole");
      HttpResponse<String> export =
          own.get("/statements/" + statement.path("id").asText() + "/export");
      assertThat(export.statusCode()).isEqualTo(409);
      assertThat(export.body()).contains("/api/v1/query");
    }
  }

  @Test
  void aQueryIsStreamedInTheFormatThatIsAcceptedWithItsReceipt() throws Exception {
    HttpResponse<String> csv =
        server.post(
            "/query",
            Map.of("sql", "SELECT id FROM orders ORDER BY id LIMIT 2"),
            "Accept",
            "text/csv");

    assertThat(csv.body()).isEqualTo("id\r\n0\r\n1\r\n");
    assertThat(csv.headers().firstValue("Watershed-Receipt").orElseThrow()).matches("[0-9a-f]{12}");
    assertThat(server.post("/query", Map.of("sql", "SELECT 1 AS a")).body())
        .isEqualTo("{\"a\":1}\n");
    assertThat(server.post("/query", Map.of("sql", "SELEC")).statusCode()).isEqualTo(422);
    assertThat(server.post("/query", Map.of("sql", "SELECT 1"), "Accept", "image/png").statusCode())
        .isEqualTo(406);
  }

  @Test
  void anErrorAfterTheFirstByteBreaksTheConnection() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.at("/query"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"sql\":\"SELECT i, CASE WHEN i = 900000 THEN error('late') ELSE repeat('x',"
                        + " 50) END AS x FROM range(1000000) t(i)\"}"))
            .build();

    HttpResponse<InputStream> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> answer.body().transferTo(java.io.OutputStream.nullOutputStream()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void theSameKeyGivesTheSameStatementAndAnotherBodyIsAConflict() throws Exception {
    String[] key = {"Idempotency-Key", "key-1"};
    HttpResponse<String> first = server.post("/statements", Map.of("sql", "SELECT 1"), key);
    HttpResponse<String> second = server.post("/statements", Map.of("sql", "SELECT 1"), key);

    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers().firstValue("Location"))
        .isEqualTo(first.headers().firstValue("Location"));
    assertThat(server.post("/statements", Map.of("sql", "SELECT 2"), key).statusCode())
        .isEqualTo(409);
    assertThat(
            server
                .post("/statements", Map.of("sql", "SELECT 1"), "Idempotency-Key", "k".repeat(129))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void whoRanWhatIsInTheAuditLogAndItsFile() throws Exception {
    try (Running own = fixture.serve()) {
      own.run("SELECT 'audited'");

      JsonNode entry = own.json("/audit?limit=1").path("entries").get(0);
      assertThat(entry.path("action").asText()).isEqualTo("POST /api/v1/statements");
      assertThat(entry.path("what").asText()).isEqualTo("SELECT 'audited'");
      assertThat(entry.path("caller").asText()).isEqualTo("local");
      assertThat(entry.path("outcome").asText()).isEqualTo("ok");
      assertThat(Files.readString(own.folder().resolve("audit.ndjson")).strip())
          .isEqualTo(entry.toString());
    }
  }

  private static long files(Running own) {
    try (Stream<java.nio.file.Path> files = Files.list(own.folder())) {
      return files.filter(file -> file.getFileName().toString().startsWith("result-")).count();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode rows(JsonNode statement, String query) throws Exception {
    return server.json("/statements/" + statement.path("id").asText() + "/rows" + query);
  }
}
