package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sql --explain}. */
class ExplainTest {
  @TempDir Path folder;
  private LocalKinesis kinesis;

  @BeforeEach
  void archiveTwoFiles() throws IOException {
    kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withEnforceLimits(false));
    kinesis.createStream("orders", 1);
    Files.writeString(
        folder.resolve("watershed.yaml"),
        "aws: {endpoint_url: '"
            + kinesis.endpoint()
            + "', local_credentials: true, region: us-east-1}\nstreams: {orders: {}}\n");
    for (String key : new String[] {"early", "late"}) {
      put(key);
      assertThat(run("archive", "--once").status()).isZero();
    }
    put("live");
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  private void put(String key) {
    kinesis.put("orders", key, "{\"secret\":42}".getBytes(StandardCharsets.UTF_8));
  }

  private CommandRun run(String... args) {
    return new CommandRun(folder).run(args);
  }

  @Test
  void itShowsWhatAStatementCostAndNoRowsAndAProcessOfItsOwnGivesThem() throws IOException {
    String sql = "SELECT secret FROM orders WHERE _partition_key = 'late'";
    CommandRun json = run("sql", "--explain", sql, "--json");
    assertThat(json.status()).as(json.err()).isZero();
    JsonNode cost = Json.MAPPER.readTree(json.out());
    JsonNode orders = cost.at("/streams/0");
    assertThat(orders.get("stream").asText()).isEqualTo("orders");
    assertThat(orders.get("files").asInt()).isEqualTo(2);
    assertThat(orders.get("files_pruned").asInt()).isEqualTo(1);
    assertThat(orders.get("files_read").asInt()).isEqualTo(1);
    assertThat(orders.get("bytes_stored").asLong()).isPositive();
    assertThat(orders.get("live_records").asInt()).isEqualTo(1);
    // One record of 13 bytes is all there is, and it is there with the first answer.
    assertThat(orders.get("expected_live_records").asInt()).isEqualTo(1);
    assertThat(orders.get("expected_live_bytes").asLong())
        .isEqualTo(orders.get("live_bytes").asLong())
        .isEqualTo(13);
    assertThat(orders.get("expected_live_ms").asLong()).isLessThan(1000);
    assertThat(cost.get("row_count").asInt()).isEqualTo(1);
    assertThat(cost.get("receipt").asText()).hasSize(12);
    assertThat(cost.get("steps").findValuesAsText("step"))
        .containsExactly("check", "cut", "files", "run");

    CommandRun isolated = run("sql", "--isolated", sql, "-o", "csv");
    assertThat(isolated.status()).as(isolated.err()).isZero();
    assertThat(isolated.out().lines()).containsExactly("secret", "42");
    CommandRun refused = run("sql", "--isolated", "SELECT nothing FROM orders");
    assertThat(refused.status()).isEqualTo(run("sql", "SELECT nothing FROM orders").status());
    assertThat(refused.err()).contains("error[sql]", "DESCRIBE");

    CommandRun text = run("sql", "--explain", sql);
    assertThat(text.out())
        .contains("pruned", "expected", "0.0 s", "orders", "1 rows, receipt ")
        .doesNotContain("42");
  }
}
