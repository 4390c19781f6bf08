package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays from the command line, into a stream that SQL then reads. */
class ReplayCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RECORDS = 40;

  @TempDir Path folder;
  private LocalKinesis kinesis;

  @BeforeEach
  void start() throws IOException {
    kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withEnforceLimits(false));
    kinesis.createStream("orders", 2);
    kinesis.createStream("orders-test", 2);
    configure("");
    for (int n = 0; n < RECORDS; n++) {
      byte[] payload =
          ("{\"n\":" + n + ",\"city\":\"C" + n % 3 + "\"}").getBytes(StandardCharsets.UTF_8);
      kinesis.put("orders", "key-" + n % 5, payload);
    }
    assertThat(run("archive", "orders", "--once").status()).isZero();
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  @Test
  void aPlanIsShownKeptAndRunFromItsFile() throws IOException {
    CommandRun plan =
        run(
            "replay",
            "plan",
            "orders",
            "--target",
            "orders-test",
            "--where",
            "n >= 10",
            "--set",
            "reason=fix-7",
            "--set-sql",
            "city=lower(city)",
            "--partition-key",
            "city",
            "--preview",
            "2",
            "--save",
            "plan.json",
            "--json");
    assertThat(plan.status()).as(plan.err()).isZero();
    JsonNode shown = JSON.readTree(plan.out());
    assertThat(shown.get("records").asInt()).isEqualTo(30);
    assertThat(shown.get("first_key").asText()).isEqualTo("key-0");
    assertThat(shown.get("last_key").asText()).isEqualTo("key-4");
    assertThat(shown.get("target_arn").asText()).endsWith(":stream/orders-test");
    assertThat(shown.get("open_shards").asInt()).isEqualTo(2);
    assertThat(shown.get("notes").toString()).contains("Partition keys are changed");
    assertThat(shown.get("preview")).hasSize(2);
    JsonNode header = shown.at("/preview/0/payload/_watershed");
    assertThat(header.at("/annotations/reason").asText()).isEqualTo("fix-7");
    assertThat(header.at("/annotations/city").asText()).matches("c[012]");
    assertThat(shown.at("/preview/0/_partition_key").asText()).matches("C[012]");
    String file = Files.readString(folder.resolve("plan.json"));
    assertThat(JSON.readTree(file)).isEqualTo(shown.get("document"));
    assertThat(file).doesNotContain("key-0").doesNotContain("\"city\":\"C");
    assertThat(arrived()).isZero();

    CommandRun again = run("replay", "plan", "orders", "--target", "x", "--save", "plan.json");
    assertThat(again.status()).isNotZero();
    CommandRun unasked = run("replay", "run", "plan.json");
    assertThat(unasked.status()).isEqualTo(2);
    assertThat(unasked.err()).contains("--yes").contains("note     Partition keys are changed");
    CommandRun run = run("replay", "run", "plan.json", "--yes");
    assertThat(run.out()).contains("finished: 30 of 30 records acknowledged, 0 order violations");
    List<JsonNode> arrived =
        rows("SELECT _partition_key AS k, decode(_payload) AS p FROM orders_test");
    assertThat(arrived)
        .hasSize(30)
        .allSatisfy(
            record -> {
              assertThat(record.get("k").asText()).matches("C[012]");
              assertThat(record.get("p").asText()).contains("\"reason\":\"fix-7\"");
            });
    String id = shown.get("plan").asText();
    assertThat(run("replay", "run", id, "--yes").out()).contains("already finished: 30 of 30");
    assertThat(arrived()).isEqualTo(30);
  }

  @Test
  void aPersonSeesTheOriginalPayloadAndWhatThePlanAdds() {
    String[] plan = {
      "replay",
      "plan",
      "orders",
      "--target",
      "orders-test",
      "--preview",
      "1",
      "--set",
      "why=a\tb",
      "--set-sql",
      "city=lower(city)",
      "--where",
      "n = 7"
    };

    String shown = run(plan).out();

    assertThat(shown)
        .containsPattern("key-2  \\{\"n\":7,\"city\":\"C1\"}  city='c1'  why='a\\\\tb'")
        .doesNotContain("_watershed");
  }

  @Test
  void aCompactedPlanIsComparedWithTheTargetsOwnArchive() throws IOException {
    String[] plan = {
      "replay", "plan", "orders", "--target", "orders-test", "--compact", "--diff", "--json"
    };
    assertThat(run(plan).err()).contains("the reservoir has no archive of the target");
    CommandRun sent =
        run("replay", "orders", "--target", "orders-test", "--compact", "--yes", "--json");
    assertThat(JSON.readTree(sent.out()).get("acknowledged").asInt()).as(sent.err()).isEqualTo(5);
    assertThat(run("archive", "orders_test", "--once").status()).isZero();

    CommandRun again = run(plan);

    JsonNode shown = JSON.readTree(again.out());
    assertThat(shown.get("records").asInt()).as(again.err()).isEqualTo(5);
    assertThat(shown.at("/document/compacted/selected").asInt()).isEqualTo(RECORDS);
    assertThat(shown.at("/diff/same").asInt()).isEqualTo(5);
    assertThat(shown.at("/diff/missing").asInt()).isZero();
    assertThat(shown.get("notes").toString()).contains("Last is by position");
    plan[7] = "-otable";
    assertThat(run(plan).out()).contains("of 5 keys the target has 5 the same");
  }

  @Test
  void aPlanIsCancelledForcedAndShown() throws IOException {
    assertThat(run("replay", "list").err()).contains("There are no replays");
    JsonNode plan =
        JSON.readTree(run("replay", "plan", "orders", "--target", "orders-test", "--json").out());
    String id = plan.get("plan").asText();
    assertThat(run("replay", "pause", id).err()).contains("has not begun").contains("cancel");
    assertThat(run("replay", "resume", id, "--yes").err()).contains("replay run " + id);
    assertThat(run("replay", "cancel", id).out()).contains("cancelled: run 1 of replay " + id);
    assertThat(run("replay", "run", id, "--yes").err()).contains("--force");
    assertThat(arrived()).isZero();

    assertThat(run("replay", "run", id, "--force", "--yes").out()).contains("finished: 40 of 40");
    CommandRun again = run("replay", "run", id, "--yes");
    assertThat(again.out()).contains("already finished");
    assertThat(again.err()).contains("Nothing was sent");
    assertThat(arrived()).isEqualTo(RECORDS);
    assertThat(run("replay", "run", id, "--force", "--yes").status()).isZero();
    assertThat(arrived()).isEqualTo(2 * RECORDS);

    CommandRun pause = run("replay", "pause", id);
    assertThat(pause.status()).isEqualTo(1);
    assertThat(pause.err()).contains("is finished, so there is nothing to pause");
    assertThat(run("replay", "show", "000000").err()).contains("There is no replay plan");
    assertThat(run("replay", "list").out()).contains(id + "  finished     3");
    CommandRun show = run("replay", "show", id);
    assertThat(show.out()).contains("finished, run 3").contains("cancel by ").contains("--force");
    JsonNode json = JSON.readTree(run("replay", "show", id, "--json").out());
    assertThat(json.get("run").asInt()).isEqualTo(3);
    assertThat(json.get("owners")).hasSize(3);
    assertThat(json.at("/owners/2/user").asText()).isEqualTo(System.getProperty("user.name"));
    assertThat(json.at("/owners/2/target_arn").asText()).endsWith(":stream/orders-test");
    assertThat(json.at("/owners/2/target_shards").size()).isPositive();
    assertThat(json.get("document")).isEqualTo(plan.get("document"));
    assertThat(json.toString()).doesNotContain("key-0");
  }

  @Test
  void whatTheTargetHoldsNewerIsLeftOutCountedAndListed() throws IOException {
    assertThat(
            run("replay", "orders", "--target", "orders-test", "--where", "n >= 20", "--yes")
                .status())
        .isZero();
    JsonNode plan =
        JSON.readTree(
            run(
                    "replay",
                    "plan",
                    "orders",
                    "--target",
                    "orders-test",
                    "--skip-superseded",
                    "--json")
                .out());
    assertThat(plan.get("records").asInt()).isEqualTo(RECORDS);
    assertThat(plan.get("superseded").asInt()).as("all but the last of each key").isEqualTo(35);
    String id = plan.get("plan").asText();

    CommandRun run = run("replay", "run", id, "--yes");

    assertThat(run.out()).contains("5 of 40 records acknowledged, 35 superseded");
    assertThat(run.err())
        .contains("35 of them superseded now")
        .contains("replay show " + id + " --superseded");
    assertThat(arrived()).isEqualTo(25);
    JsonNode shown = JSON.readTree(run("replay", "show", id, "--json").out());
    assertThat(shown.get("superseded").asInt()).isEqualTo(35);
    String lists = shown.get("superseded_lists").asText();
    assertThat(folder.resolve("watershed-data").resolve(lists)).isDirectory();
    assertThat(run("replay", "show", id).out())
        .contains("35 superseded, left out: listed below " + lists);
    List<String> listed =
        run("replay", "show", id, "--superseded", "--json").out().lines().toList();
    assertThat(listed).hasSize(35).allMatch(line -> line.contains("\"newer\":\"orders@"));
    JsonNode first = JSON.readTree(listed.get(0));
    assertThat(rows("SELECT _sequence_number AS s FROM orders"))
        .anyMatch(row -> row.get("s").asText().endsWith(first.get("position").asText()));
    assertThat(run("replay", "show", id, "--superseded").out().lines()).hasSize(35);
    assertThat(
            rows(
                "SELECT superseded_records AS s FROM watershed.replays WHERE replay_id = '"
                    + id
                    + "'"))
        .allMatch(row -> row.get("s").asInt() == 35);
  }

  @Test
  void shardsAndPositionsSelect() throws IOException {
    List<JsonNode> rows = rows("SELECT _shard_id, _sequence_number, n FROM orders ORDER BY ALL");
    String shard = rows.get(0).get("_shard_id").asText();
    List<JsonNode> ofShard =
        rows.stream().filter(row -> row.get("_shard_id").asText().equals(shard)).toList();
    JsonNode third = ofShard.get(2);
    String position = third.get("_sequence_number").asText();

    assertThat(planned("--shard", shard)).isEqualTo(ofShard.size());
    assertThat(planned("--from-position", shard + ":" + position)).isEqualTo(ofShard.size() - 2);
    assertThat(
            run("replay", "plan", "orders", "--target", "orders-test", "--shard", "nothing").err())
        .contains("there is no shard 'nothing'");
  }

  @Test
  void whatIsToBeTypedNextCanBeCopied() throws IOException {
    Files.copy(folder.resolve("watershed.yaml"), folder.resolve("my config.yaml"));

    CommandRun plan =
        run(
            "replay",
            "plan",
            "orders",
            "--target",
            "orders-test",
            "--config",
            "my config.yaml",
            "--region",
            "us-east-1");

    assertThat(plan.err())
        .containsPattern(
            "watershed replay run [0-9a-f]{12} --config 'my config.yaml' --region us-east-1");
  }

  @Test
  void aTargetThatIsDownIsAnErrorSoon() {
    kinesis.close();

    CommandRun plan = run("replay", "plan", "orders", "--target", "orders-test");

    assertThat(plan.status()).isEqualTo(1);
    assertThat(plan.err()).contains("error[unreachable]").contains(kinesis.endpoint().toString());
  }

  @Test
  void guardRailsAndWrongWords() throws IOException {
    String[] wrong = {
      "--from-position 12",
      "--key n",
      "--tombstones drop --compact",
      "--set x",
      "--share 2",
      "--where random()<0.5",
      "--set-sql x=sum(n)",
      "--envelope none --set a=b",
      "--skip-superseded --overwrite",
      "--skip-superseded --compact --key city",
      "--preview -1",
      "--partition-key NULL::VARCHAR"
    };
    for (String words : wrong) {
      List<String> args =
          new ArrayList<>(List.of("replay", "plan", "orders", "--target", "orders-test"));
      args.addAll(List.of(words.split(" ")));
      CommandRun run = run(args.toArray(String[]::new));
      assertThat(run.status()).as(words + ": " + run.err()).isNotZero();
      assertThat(run.err()).as(words).doesNotContain("internal").contains("hint");
    }
    CommandRun few =
        run("replay", "orders", "--target", "orders-test", "--max-records", "39", "--yes");
    assertThat(few.status()).isEqualTo(6);
    assertThat(few.err()).contains("The plan selects 40 records; the limit is 39");
    configure("defaults: {replay_targets: '*-copy, clicks'}\n");
    CommandRun refused = run("replay", "orders", "--target", "orders-test", "--yes");
    assertThat(refused.err()).contains("none that the configuration allows: *-copy, clicks");
    assertThat(arrived()).isZero();
    configure("defaults: {replay_targets: '*:stream/orders-t*', replay_max_records: 40}\n");
    assertThat(run("replay", "orders", "--target", "orders-test", "--yes").status()).isZero();
    assertThat(arrived()).isEqualTo(RECORDS);
  }

  private int arrived() throws IOException {
    return rows("SELECT count(*) AS c FROM orders_test").get(0).get("c").asInt();
  }

  private int planned(String... more) throws IOException {
    List<String> args =
        new ArrayList<>(List.of("replay", "plan", "orders", "--target", "orders-test", "--json"));
    args.addAll(List.of(more));
    CommandRun run = run(args.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    return JSON.readTree(run.out()).get("records").asInt();
  }

  private void configure(String more) throws IOException {
    Files.writeString(
        folder.resolve("watershed.yaml"),
        "aws: {endpoint_url: '"
            + kinesis.endpoint()
            + "', local_credentials: true, region: us-east-1}\n"
            + "streams: {orders: {}, orders-test: {alias: orders_test}}\n"
            + more);
  }

  private List<JsonNode> rows(String sql) throws IOException {
    CommandRun run = run("sql", sql, "-o", "ndjson");
    List<JsonNode> rows = new ArrayList<>();
    for (String line : run.out().lines().toList()) {
      rows.add(JSON.readTree(line));
    }
    return rows;
  }

  private CommandRun run(String... args) {
    return new CommandRun(folder).run(args);
  }
}
