package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern GO_ON =
      Pattern.compile("Go on with: watershed tail orders --from (\\S+)");

  @TempDir Path folder;
  private LocalKinesis kinesis;

  @BeforeEach
  void start() throws IOException {
    kinesis =
        LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withPort(0).withEnforceLimits(false));
    kinesis.createStream("orders", 1);
    configure(folder);
  }

  private void configure(Path where) throws IOException {
    Files.writeString(
        where.resolve("watershed.yaml"),
        "aws: {endpoint_url: '"
            + kinesis.endpoint()
            + "', local_credentials: true, region: us-east-1}\n"
            + "streams: {orders: {}}\n");
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  @Test
  void archiveAndLiveComeAsJsonAndAPlaceGoesOn() throws IOException {
    put("a", "{\"n\":1}\n");
    put("b", "{\"n\":\r\n 2}");
    assertThat(run("archive", "--once").status()).isZero();
    put("a", "{\"n\":3}");
    put("a", "{\"n\":3} {}");
    put("a", "\u001b[31mred\n");
    kinesis.put("orders", "a", new byte[] {(byte) 0xff, 0});

    CommandRun first = run("tail", "orders", "--from", "start", "--limit", "3", "--json");
    assertThat(first.status()).as(first.err()).isZero();
    Matcher place = GO_ON.matcher(first.err());
    assertThat(place.find()).as(first.err()).isTrue();
    CommandRun rest =
        run("tail", "orders", "--from", place.group(1), "--no-follow", "-o", "ndjson");

    List<JsonNode> records = new ArrayList<>(lines(first));
    assertThat(records).hasSize(3);
    records.addAll(lines(rest));
    assertThat(records).hasSize(6);
    assertThat(records.get(0).get("payload")).hasToString("{\"n\":1}");
    assertThat(records.get(1).get("payload")).hasToString("{\"n\":2}");
    assertThat(records.get(2).get("payload")).hasToString("{\"n\":3}");
    assertThat(records.get(3).get("payload_text").asText()).isEqualTo("{\"n\":3} {}");
    assertThat(records.get(4).get("payload_text").asText()).isEqualTo("\u001b[31mred\n");
    assertThat(records.get(5).get("payload_base64").asText()).isEqualTo("/wA=");
    // The system columns are those of SQL.
    List<JsonNode> rows =
        lines(
            run(
                "sql",
                "SELECT _incarnation, _shard_id, _sequence_number, _sub_sequence_number,"
                    + " _partition_key, _arrival_time FROM orders ORDER BY _sequence_number",
                "-o",
                "ndjson"));
    for (int i = 0; i < 6; i++) {
      JsonNode record = records.get(i);
      rows.get(i)
          .fields()
          .forEachRemaining(
              column -> assertThat(record.get(column.getKey())).isEqualTo(column.getValue()));
      assertThat(record.size()).isEqualTo(7);
    }
  }

  @Test
  void linesForPeopleAreOneLineEachAndObeyNobody() {
    put("key\n1", "{\"a\":1}");
    put("k", "\u001b]0;title\u0007\u202e\ttab\nline " + "x".repeat(500));
    kinesis.put("orders", "k", new byte[] {(byte) 0xc3, 27});

    CommandRun run = run("tail", "orders", "--from", "start", "--no-follow");
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).matches("\\S+Z  0  …\\d{12}  key\\\\n1  \\{\"a\":1\\}");
    assertThat(lines.get(1))
        .contains("  k  \\u001b]0;title\\u0007\\u202e\\ttab\\nline xxx")
        .endsWith("x…")
        .hasSizeLessThan(300);
    assertThat(lines.get(2)).endsWith("  k  (2 bytes) wxs=");
    assertThat(run.out()).doesNotContain("\u001b");
  }

  @Test
  void aGapIsLoudAndTheStatusIsThree() {
    for (int n = 0; n < 10; n++) {
      put("k", "{\"n\":" + n + "}");
    }
    assertThat(run("archive", "--once").status()).isZero();
    for (int n = 10; n < 20; n++) {
      put("k", "{\"n\":" + n + "}");
    }
    kinesis.expireOldest("orders", "shardId-000000000000", 15);

    CommandRun run = run("tail", "orders", "--from", "start", "--no-follow", "--json");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("GAP: shardId-000000000000 after ").contains("trimmed");
    assertThat(run.out().lines()).hasSize(15);
  }

  @Test
  void aPipeThatNobodyReadsEndsItQuietly() {
    for (int n = 0; n < 100; n++) {
      put("k", "{\"n\":" + n + "}");
    }
    StringWriter err = new StringWriter();
    Writer closed =
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) throws IOException {
            throw new IOException("Broken pipe");
          }

          @Override
          public void flush() throws IOException {
            throw new IOException("Broken pipe");
          }

          @Override
          public void close() {}
        };
    int status =
        Cli.run(
            new String[] {"tail", "orders", "--from", "start"},
            new Console(new PrintWriter(closed), new PrintWriter(err), false),
            InputStream.nullInputStream(),
            Map.of("WATERSHED_CACHE", folder.resolve("cache").toString()),
            folder,
            Shutdown.manual());
    assertThat(status).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aFullDiskIsAnErrorAndNoPlaceIsPrintedThatCountsWhatIsNotThere() {
    put("k", "{\"n\":1}");
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    int status =
        Cli.run(
            new String[] {"tail", "orders", "--from", "start", "--limit", "1"},
            Console.of(full, err, Console.Terminals.NONE),
            InputStream.nullInputStream(),
            Map.of("WATERSHED_CACHE", folder.resolve("cache").toString()),
            folder,
            Shutdown.manual());
    assertThat(status).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("error[output]", "No space left on device")
        .doesNotContain("Go on with");
  }

  @Test
  void aStreamThatIsNowhereIsNotTakenForOneWithoutALiveSide() {
    assertThat(run("tail", "ordres", "--no-follow", "--from", "start").err())
        .contains("error[stream-not-found]: There is no stream 'ordres'", "orders");
  }

  @Test
  void itGoesOnAfterARecordThatItsShardAndSequenceNumberName() throws IOException {
    for (int n = 0; n < 4; n++) {
      put("k", "{\"n\":" + n + "}");
    }
    JsonNode second =
        lines(run("tail", "orders", "--from", "start", "--no-follow", "--json")).get(1);
    String place = second.get("_shard_id").asText() + ":" + second.get("_sequence_number").asText();
    List<JsonNode> rest = lines(run("tail", "orders", "--from", place, "--no-follow", "--json"));
    assertThat(rest.stream().map(record -> record.at("/payload/n").asInt())).containsExactly(2, 3);

    assertThat(run("tail", "orders", "--from", place + "," + place).err()).contains("twice");
    assertThat(run("tail", "orders", "--from", "shardId-1").err()).contains("sequence number");
    assertThat(run("tail", "orders", "--from", "shardId-7:12").err())
        .contains("has no shard shardId-7", "shardId-000000000000");
  }

  @Test
  void ctrlCSaysHowToGoOnAlsoByAFile() throws Exception {
    kinesis.createStream("wide", 100);
    for (int n = 0; n < 300; n++) {
      kinesis.put("wide", "k" + n, ("{\"n\":" + n + "}").getBytes(StandardCharsets.UTF_8));
    }
    Files.writeString(
        folder.resolve("watershed.yaml"),
        Files.readString(folder.resolve("watershed.yaml")).replace("orders: {}", "wide: {}"));
    CommandRun tail = new CommandRun(folder);
    Thread running = new Thread(() -> tail.run("tail", "wide", "--from", "start", "--json"));
    running.start();
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (tail.out().lines().count() < 300) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(20);
    }
    tail.shutdown().request();
    running.join(20_000);
    assertThat(tail.status()).isZero();
    Matcher file = Pattern.compile("--from (wide-\\S+\\.place)").matcher(tail.err());
    assertThat(file.find()).as(tail.err()).isTrue();
    kinesis.put("wide", "k", "{\"n\":300}".getBytes(StandardCharsets.UTF_8));
    CommandRun rest = run("tail", "wide", "--from", file.group(1), "--no-follow", "--json");
    assertThat(lines(rest))
        .singleElement()
        .satisfies(r -> assertThat(r.at("/payload/n").asInt()).isEqualTo(300));
  }

  @Test
  void whatItCannotDoIsAUsageErrorWithAHint() {
    assertThat(run("tail", "orders", "-o", "csv").err())
        .contains("error[usage]")
        .contains("--json");
    assertThat(run("tail", "orders", "--from", "2999-01-01").err()).contains("in the future");
    assertThat(run("tail", "orders", "--from", "yesterday").err()).contains("is not a time");
    assertThat(run("tail", "orders", "--limit", "0").status()).isEqualTo(2);
    assertThat(run("tail", "nothing", "--no-follow").err()).contains("stream-not-found");
  }

  private void put(String key, String payload) {
    kinesis.put("orders", key, payload.getBytes(StandardCharsets.UTF_8));
  }

  private static List<JsonNode> lines(CommandRun run) throws IOException {
    assertThat(run.status()).as(run.err()).isZero();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : run.out().lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private CommandRun run(String... args) {
    return new CommandRun(folder).run(args);
  }
}
