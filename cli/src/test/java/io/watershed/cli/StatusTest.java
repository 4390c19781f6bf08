package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of an archive. */
final class StatusTest {
  @TempDir Path folder;
  private LocalKinesis kinesis;

  @BeforeEach
  void archiveSome() throws Exception {
    kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withEnforceLimits(false));
    kinesis.createStream("orders", 1);
    Files.writeString(
        folder.resolve("watershed.yaml"),
        """
        reservoir: res
        aws: {endpoint_url: "%s", local_credentials: true, region: us-east-1}
        streams: {orders: {}}
        """
            .formatted(kinesis.endpoint()));
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  private void put(String key) {
    kinesis.put("orders", key, "{\"n\":1}".getBytes(StandardCharsets.UTF_8));
  }

  private CommandRun run(String... args) {
    return new CommandRun(folder).run(args);
  }

  @Test
  void statusShowsTheLineage() throws Exception {
    put("a");
    kinesis.scaleTo("orders", 2);
    put("a");
    put("b");
    assertThat(run("archive", "--once").status()).isZero();

    JsonNode lineage = Json.MAPPER.readTree(run("status", "--json").out()).get("lineage");
    assertThat(lineage).hasSize(3);
    assertThat(lineage.get(0).get("state").asText()).isEqualTo("ended");
    assertThat(lineage.get(1).get("parents").get(0).asText()).isEqualTo("shardId-000000000000");
    long records = 0;
    for (JsonNode shard : lineage) {
      records += shard.get("records").asLong();
    }
    assertThat(records).isEqualTo(3);
    assertThat(run("status", "--shards").out())
        .containsPattern("shardId-000000000000 +ended +1 ")
        .contains("from shardId-000000000000");
    assertThat(run("status").out()).contains("and 1 shards archived to their end");
  }

  @Test
  void statusShowsWhatWaitsInTheStream() throws Exception {
    put("a");
    assertThat(run("archive", "--once").status()).isZero();
    put("a");
    put("b");

    JsonNode status = Json.MAPPER.readTree(run("status", "--json").out());
    JsonNode shard = status.get("lineage").get(0);
    assertThat(shard.get("waiting_records").asLong()).isEqualTo(2);
    assertThat(shard.get("lag_seconds").asDouble()).isBetween(0.0, 600.0);
    assertThat(shard.get("time_to_trim_seconds").asDouble()).isBetween(85_000.0, 86_400.0);
    assertThat(status.get("not_asked").isNull()).isTrue();
    assertThat(run("status").out()).contains("23h");

    JsonNode alone = Json.MAPPER.readTree(run("status", "--json", "--no-live").out());
    assertThat(alone.get("lineage").get(0).get("waiting_records").isNull()).isTrue();
  }

  @Test
  void withoutAWayToTheStreamTheArchiveIsStillShown() throws Exception {
    put("a");
    assertThat(run("archive", "--once").status()).isZero();
    Files.writeString(
        folder.resolve("watershed.yaml"),
        "reservoir: res\naws: {profile: nobody, region: us-east-1}\nstreams: {orders: {}}\n");

    CommandRun status = run("status");
    assertThat(status.status()).isZero();
    assertThat(status.out()).contains("orders: 1 records").contains("the stream was not asked");
  }

  @Test
  void watchingTooOftenAndUnknownStreamsAreRefused() {
    assertThat(run("status", "--watch", "1s").err()).contains("5 reads a second");
    assertThat(run("status", "nothing").err()).contains("error[not-found]").contains("'nothing'");
  }

  @Test
  void aTrimmedRangeIsLoudInArchiveVerifyAndStatus() throws Exception {
    put("a");
    assertThat(run("archive", "--once").status()).isZero();
    put("a");
    kinesis.expire("orders", Instant.now().plusSeconds(60));
    put("a");

    assertThat(run("archive", "--once").status()).isEqualTo(3);
    assertThat(run("archive", "--once").status()).as("a gap is reported once").isZero();
    assertThat(run("verify").status()).isEqualTo(3);
    assertThat(run("status").out()).contains("2 records").contains("GAPS: 1");
    JsonNode gap = Json.MAPPER.readTree(run("status", "--json").out()).get("gap_list").get(0);
    assertThat(gap.get("reason").asText()).isEqualTo("trimmed");
    assertThat(gap.get("shard").asText()).isEqualTo("shardId-000000000000");
  }
}
