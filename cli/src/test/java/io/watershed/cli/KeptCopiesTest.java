package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.consumer.Position;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replayed records that come back to a stream that keeps them, from SQL to verify and replay. */
class KeptCopiesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RECORDS = 20;

  @TempDir Path folder;
  private LocalKinesis kinesis;

  @BeforeEach
  void start() throws IOException {
    kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withEnforceLimits(false));
    kinesis.createStream("orders", 2);
    configure("keep");
    for (int n = 0; n < RECORDS; n++) {
      kinesis.put("orders", "key-" + n % 5, payload(n));
    }
    assertThat(run("archive", "--once").status()).isZero();
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  @Test
  void copiesAreKeptAndHiddenAndWhatIsNoCopyIsNeither() throws IOException {
    List<JsonNode> origins =
        rows("SELECT n, _incarnation, _shard_id, _sequence_number, _partition_key FROM orders");
    for (JsonNode origin : origins) {
      put(origin, origin.get("_incarnation").asText(), payload(origin.get("n").asInt()));
    }
    // Edited on its way, of another stream, and from a position that is not archived.
    JsonNode one = origins.get(0);
    byte[] edited = wrapped(one, one.get("_incarnation").asText(), payload(7));
    edited[edited.length - 2] = '8';
    kinesis.put("orders", one.get("_partition_key").asText(), edited);
    put(one, "clicks@20250101T000000.000Z", payload(100));
    kinesis.put("orders", "key", ahead(one));

    String view = "SELECT count(*) AS c, count(_replay_id) AS r FROM orders";
    String copies =
        "SELECT count(*) AS c, count(DISTINCT _replay_id || _origin_sequence_number) AS r,"
            + " sum(n) AS s FROM orders_copies";
    int shown = RECORDS + 3;
    int sum = RECORDS * (RECORDS - 1) / 2;
    assertThat(rows(view).get(0)).hasToString("{\"c\":" + shown + ",\"r\":0}");
    assertThat(rows(copies).get(0))
        .hasToString("{\"c\":" + RECORDS + ",\"r\":" + RECORDS + ",\"s\":" + sum + "}");
    assertThat(rows("SELECT count(*) AS c FROM orders_live").get(0)).hasToString("{\"c\":3}");
    String receipt = receipt(view);

    assertThat(run("archive", "--once").out()).contains("23 records");
    assertThat(rows(view).get(0)).hasToString("{\"c\":" + shown + ",\"r\":0}");
    assertThat(rows(copies).get(0))
        .hasToString("{\"c\":" + RECORDS + ",\"r\":" + RECORDS + ",\"s\":" + sum + "}");
    assertThat(rows("SELECT count(*) AS c FROM orders_archive").get(0))
        .hasToString("{\"c\":" + shown + "}");
    assertThat(rows(view, "--as-of", receipt).get(0)).hasToString("{\"c\":" + shown + ",\"r\":0}");
    for (String depth : new String[] {"--deep", "--against-stream"}) {
      CommandRun verify = run("verify", "orders", depth);
      assertThat(verify.status()).as(verify.out() + verify.err()).isZero();
    }
    // Replay sends the originals, not their copies.
    kinesis.createStream("target", 1);
    CommandRun replay = run("replay", "orders", "--target", "target", "--yes");
    assertThat(replay.out()).contains(shown + " of " + shown + " records acknowledged");

    // From now on copies are counted only; those that are kept stay.
    configure("skip");
    put(one, one.get("_incarnation").asText(), payload(one.get("n").asInt()));
    assertThat(rows(copies).get(0)).hasToString("{\"c\":20,\"r\":20,\"s\":" + sum + "}");
    assertThat(run("archive", "--once").out()).contains("0 records").contains("1 replayed");
    assertThat(rows(copies).get(0)).hasToString("{\"c\":20,\"r\":20,\"s\":" + sum + "}");
    assertThat(run("verify", "orders", "--against-stream").status()).isZero();
  }

  private void put(JsonNode origin, String incarnation, byte[] payload) {
    kinesis.put(
        "orders", origin.get("_partition_key").asText(), wrapped(origin, incarnation, payload));
  }

  private static byte[] wrapped(JsonNode origin, String incarnation, byte[] payload) {
    return wrapped(
        new Position(
            incarnation,
            origin.get("_shard_id").asText(),
            origin.get("_sequence_number").asText().replaceFirst("^0+", ""),
            0),
        payload);
  }

  private static byte[] ahead(JsonNode origin) {
    return wrapped(
        new Position(
            origin.get("_incarnation").asText(),
            origin.get("_shard_id").asText(),
            "9".repeat(60),
            0),
        payload(200));
  }

  private static byte[] wrapped(Position origin, byte[] payload) {
    return Envelope.wrap(
        EnvelopeHeader.of("replay-1", origin, Instant.parse("2026-11-20T10:00:00Z"), 1), payload);
  }

  private static byte[] payload(int n) {
    return ("{\"n\":" + n + "}").getBytes(StandardCharsets.UTF_8);
  }

  private void configure(String replayed) throws IOException {
    Files.writeString(
        folder.resolve("watershed.yaml"),
        "aws: {endpoint_url: '"
            + kinesis.endpoint()
            + "', local_credentials: true, region: us-east-1}\n"
            + "streams: {orders: {replayed: "
            + replayed
            + "}}\n");
  }

  private List<JsonNode> rows(String sql, String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("sql", sql, "-o", "ndjson"));
    args.addAll(List.of(more));
    CommandRun run = run(args.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    List<JsonNode> rows = new ArrayList<>();
    for (String line : run.out().lines().toList()) {
      rows.add(JSON.readTree(line));
    }
    return rows;
  }

  private String receipt(String sql) throws IOException {
    return JSON.readTree(run("sql", sql, "-o", "json").out()).at("/receipt/id").asText();
  }

  private CommandRun run(String... args) {
    return new CommandRun(folder).run(args);
  }
}
