package io.watershed.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.core.config.ServerSettings.Limits;
import io.watershed.server.ServerFixture.Running;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReplayApiTest {
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
  void aPlanIsCountedMadeShownRunAndInTheLedger() throws Exception {
    Map<String, Object> body =
        Map.of("stream", "orders", "target", "copies", "where", "id % 10 = 1");
    JsonNode count = parsed(server.post("/replays/plans/count", body), 200);
    assertThat(count.path("records").asInt()).isEqualTo(30);

    JsonNode plan = parsed(server.post("/replays/plans?preview=2", body), 201);
    String id = plan.path("plan").asText();
    assertThat(plan.path("records").asInt()).isEqualTo(30);
    assertThat(plan.path("preview")).hasSize(2);
    assertThat(plan.path("document").toString()).contains("id % 10 = 1");
    assertThat(server.json("/replays/plans/" + id).path("hash")).isEqualTo(plan.path("hash"));
    JsonNode planned = server.json("/replays/" + id);
    assertThat(planned.path("state").asText()).isEqualTo("planned");
    assertThat(planned.path("actions").toString()).contains("\"run\"");

    parsed(server.post("/replays/" + id + "/run", Map.of()), 202);
    JsonNode finished = awaitState(server, id, "finished");

    assertThat(finished.path("acknowledged").asInt()).isEqualTo(30);
    assertThat(finished.path("order_violations").asInt()).isZero();
    JsonNode listed = find(server.json("/replays").path("replays"), plan.path("hash").asText());
    assertThat(listed.path("state").asText()).isEqualTo("finished");
    assertThat(server.get("/replays/" + id + "/events").body())
        .contains("event: progress")
        .contains("event: ended");
    assertThat(server.json("/replays/targets").path("targets").findValuesAsText("name"))
        .contains("copies");
  }

  @Test
  void aRunIsPausedGoesOnAndIsCancelled() throws Exception {
    String id = slowPlan("id < 200");
    parsed(server.post("/replays/" + id + "/run", Map.of()), 202);
    assertThat(server.post("/replays/" + id + "/run", Map.of()).statusCode()).isEqualTo(409);

    parsed(server.post("/replays/" + id + "/pause", Map.of()), 202);
    JsonNode paused = awaitState(server, id, "paused");
    assertThat(paused.path("acknowledged").asInt()).isLessThan(200);
    assertThat(server.post("/replays/" + id + "/run", Map.of()).statusCode()).isEqualTo(409);

    parsed(server.post("/replays/" + id + "/resume", Map.of()), 202);
    awaitState(server, id, "running");
    parsed(server.post("/replays/" + id + "/cancel", Map.of()), 202);
    JsonNode cancelled = awaitState(server, id, "cancelled");
    assertThat(cancelled.path("actions").toString()).contains("run-again");
  }

  @Test
  void aServerThatEndsLeavesItsRunToTheNextOne() throws Exception {
    String id = slowPlan("id < 150");
    try (Running first = fixture.serve()) {
      parsed(first.post("/replays/" + id + "/run", Map.of()), 202);
      awaitState(first, id, "running");
    }
    JsonNode left = server.json("/replays/" + id);
    assertThat(left.path("state").asText()).isEqualTo("stopped");
    assertThat(left.path("actions").toString()).contains("resume");
    assertThat(left.path("acknowledged").asInt()).isLessThan(150);

    try (Running second = fixture.serve(Limits.DEFAULTS, List.of())) {
      parsed(second.post("/replays/" + id + "/resume", Map.of()), 202);
      ServerFixture.await(() -> acknowledged(second, id) > left.path("acknowledged").asInt());
      parsed(second.post("/replays/" + id + "/cancel", Map.of()), 202);
      awaitState(second, id, "cancelled");
    }
  }

  @Test
  void whatCannotBeReplayedIsRefusedWithTheReason() throws Exception {
    assertProblem(
        server.post("/replays/plans", Map.of("stream", "orders", "target", "nowhere")),
        404,
        "stream-not-found");
    assertProblem(
        server.post("/replays/plans", Map.of("stream", "orders", "target", "orders")),
        409,
        "refused");
    assertProblem(
        server.post(
            "/replays/plans", Map.of("stream", "orders", "target", "copies", "where", "1;2")),
        422,
        "sql");
    assertProblem(server.get("/replays/0123456789ab"), 404, "not-found");
    assertProblem(server.post("/replays/0123456789ab/pause", Map.of()), 404, "not-found");
  }

  private static String slowPlan(String where) throws Exception {
    Map<String, Object> body =
        Map.of(
            "stream", "orders", "target", "copies", "where", where, "pace", Map.of("max_rate", 10));
    return parsed(server.post("/replays/plans", body), 201).path("plan").asText();
  }

  private static JsonNode awaitState(Running on, String id, String state) throws Exception {
    ServerFixture.await(
        () -> {
          try {
            return on.json("/replays/" + id).path("state").asText().equals(state);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    return on.json("/replays/" + id);
  }

  private static int acknowledged(Running on, String id) {
    try {
      JsonNode replay = on.json("/replays/" + id);
      return replay.path("progress").path("acknowledged").asInt(0);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode find(JsonNode replays, String hash) {
    for (JsonNode replay : replays) {
      if (replay.path("hash").asText().equals(hash)) {
        return replay;
      }
    }
    throw new AssertionError("the replay is not listed");
  }

  private static JsonNode parsed(HttpResponse<String> answer, int status) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return ServerFixture.JSON.readTree(answer.body());
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String code)
      throws Exception {
    JsonNode problem = parsed(answer, status);
    assertThat(problem.path("code").asText()).isEqualTo(code);
    assertThat(problem.path("detail").asText()).isNotEmpty();
  }
}
