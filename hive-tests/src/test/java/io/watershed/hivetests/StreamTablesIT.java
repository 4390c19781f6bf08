package io.watershed.hivetests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiveService;
import io.watershed.archive.ArchivedStream;
import io.watershed.archive.StopSignal;
import io.watershed.cluster.ClusterResources;
import io.watershed.cluster.HiveTables;
import io.watershed.cluster.HiveTables.HiveStream;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.ClusterSettings.HiveHandler;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import io.watershed.reservoir.Reservoir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/** A stream with 60 archived and 40 live records on two shards, asked by Hive. */
@EnabledForJreRange(
    maxVersion = 21,
    disabledReason = "Hive 4.0.1 with Hadoop 3.3.6 does not run on a newer JDK")
class StreamTablesIT {
  private static final String STREAM = "orders";

  @TempDir static Path folder;
  private static LocalKinesis kinesis;
  private static KinesisStreams streams;
  private static Reservoir reservoir;
  private static HiveServer hive;

  @BeforeAll
  static void start() throws Exception {
    kinesis =
        LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withPort(0).withEnforceLimits(false));
    kinesis.createStream(STREAM, 2);
    streams = KinesisStreams.open(kinesis.access());
    reservoir = Reservoir.open(folder.resolve("reservoir").toString(), AwsAccess.DEFAULT);
    put(1, 60);
    archive();
    put(61, 100);
    Files.writeString(
        config(),
        """
        reservoir: %s
        aws: {endpoint_url: "%s", region: us-east-1, local_credentials: true}
        streams: {orders: {}, fading: {}}
        """
            .formatted(folder.resolve("reservoir"), kinesis.endpoint()));
    hive = HiveServer.start(folder);
    create("orders_live", "live");
    create("orders", "all");
  }

  @AfterAll
  static void stop() throws Exception {
    if (hive != null) {
      hive.close();
    }
    if (kinesis != null) {
      reservoir.close();
      streams.close();
      kinesis.close();
    }
  }

  private static Path config() {
    return folder.resolve("watershed.yaml");
  }

  private static void create(String table, String side) throws IOException {
    hive.run(
        "CREATE EXTERNAL TABLE %s STORED BY 'io.watershed.hive.WatershedStorageHandler'"
                .formatted(table)
            + " TBLPROPERTIES ('watershed.config'='%s', 'watershed.stream'='%s', 'watershed.side'='%s')"
                .formatted(config(), STREAM, side));
  }

  private static void put(int first, int last) {
    for (int id = first; id <= last; id++) {
      String json =
          "{\"id\":%d,\"amount\":%d.5,\"customer\":{\"city\":\"Köln\",\"Zip\":%d},\"tags\":[1]}"
              .formatted(id, id, id % 10);
      kinesis.put(STREAM, "user-" + id % 7, json.getBytes(UTF_8));
    }
  }

  private static void archive() {
    try (ArchiveService service =
        new ArchiveService(
            reservoir,
            List.of(new ArchivedStream(STREAM, () -> streams.source(STREAM))),
            ArchiveSettings.DEFAULTS,
            InstantSource.system())) {
      assertThat(service.run(ArchiveMode.ONCE, new StopSignal()).exitCode()).isZero();
    }
  }

  private static long cuts() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("reservoir/receipts/hive"))) {
      return files.count();
    }
  }

  @Test
  void aTableWithoutColumnsHasThoseOfTheStream() throws Exception {
    List<List<String>> columns = hive.run("DESCRIBE orders_live");
    assertThat(columns)
        .contains(
            List.of("_shard_id", "string", "from deserializer"),
            List.of("_arrival_time", "timestamp", "from deserializer"),
            List.of("_payload", "binary", "from deserializer"),
            List.of("id", "bigint", "from deserializer"),
            List.of("amount", "double", "from deserializer"),
            List.of("customer", "struct<city:string,zip:bigint>", "from deserializer"),
            List.of("tags", "string", "from deserializer"));
  }

  @Test
  void theLiveSideHasWhatIsNotArchived() throws Exception {
    assertThat(
            hive.run(
                "SELECT id, amount, customer.city, customer.zip, tags, `_payload` FROM orders_live WHERE id = 77"))
        .containsExactly(
            List.of(
                "77",
                "77.5",
                "Köln",
                "7",
                "[1]",
                "{\"id\":77,\"amount\":77.5,\"customer\":{\"city\":\"Köln\",\"Zip\":7},\"tags\":[1]}"));
    assertThat(hive.run("SELECT count(*), min(id), max(id) FROM orders_live"))
        .containsExactly(List.of("40", "61", "100"));
  }

  @Test
  void filtersOnTimeAndShardLimitWhatIsRead() throws Exception {
    List<List<String>> shards =
        hive.run("SELECT `_shard_id`, count(*) FROM orders_live GROUP BY `_shard_id`");
    assertThat(shards).hasSize(2);
    for (List<String> shard : shards) {
      assertThat(
              hive.run(
                  "SELECT count(*) FROM orders_live WHERE `_shard_id` = '" + shard.get(0) + "'"))
          .containsExactly(List.of(shard.get(1)));
    }
    assertThat(hive.run("SELECT id FROM orders WHERE `_arrival_time` < '2020-01-01 00:00:00'"))
        .isEmpty();
    assertThat(
            hive.run("SELECT count(*) FROM orders WHERE `_arrival_time` > '2020-01-01 00:00:00'"))
        .containsExactly(List.of("100"));
  }

  @Test
  void groupsAndSorts() throws Exception {
    assertThat(
            hive.run(
                "SELECT customer.zip, count(*), sum(amount) FROM orders_live"
                    + " GROUP BY customer.zip ORDER BY zip LIMIT 2"))
        .containsExactly(List.of("0", "4", "342.0"), List.of("1", "4", "306.0"));
  }

  @Test
  void theWholeCutHasEachRecordOnce() throws Exception {
    assertThat(
            hive.run(
                "SELECT count(*), count(DISTINCT id), sum(id), count(`_replay_id`) FROM orders"))
        .containsExactly(List.of("100", "100", "5050", "0"));
    assertThat(
            hive.run(
                "SELECT id, `_partition_key`, length(`_sequence_number`) FROM orders"
                    + " WHERE id IN (3, 99)"))
        .containsExactlyInAnyOrder(List.of("3", "user-3", "64"), List.of("99", "user-1", "64"));
  }

  @Test
  void joinsTheLiveSideWithTheWholeCut() throws Exception {
    assertThat(
            hive.run(
                "SELECT count(*), sum(a.id) FROM orders_live l JOIN orders a ON l.id = a.id + 40"))
        .containsExactly(List.of("40", "1620"));
  }

  @Test
  void oneQueryHasOneCut() throws Exception {
    long before = cuts();
    assertThat(
            hive.run(
                "SELECT count(*) FROM orders a JOIN orders b ON a.id = b.id"
                    + " JOIN orders_live c ON c.id = a.id"))
        .containsExactly(List.of("40"));
    assertThat(cuts()).isEqualTo(before + 1);
    hive.run("SELECT id FROM orders_live LIMIT 1");
    assertThat(cuts()).isEqualTo(before + 2);
  }

  @Test
  void writingIsRefusedInOneSentence() {
    for (String sql :
        List.of(
            "INSERT INTO orders SELECT * FROM orders_live",
            "INSERT INTO orders_live (id) VALUES (1)",
            "INSERT OVERWRITE TABLE orders SELECT * FROM orders_live")) {
      assertRefused(sql, "shows a stream and cannot be written");
    }
  }

  @Test
  void whatWasTrimmedMeanwhileFailsTheQuery() throws Exception {
    kinesis.createStream("fading", 2);
    for (int id = 0; id < 40; id++) {
      kinesis.put("fading", "user-" + id, ("{\"id\":" + id + "}").getBytes(UTF_8));
    }
    hive.run(
        "CREATE EXTERNAL TABLE fading (`_shard_id` STRING, `_payload` BINARY)"
            + " STORED BY 'io.watershed.hive.WatershedStorageHandler'"
            + " TBLPROPERTIES ('watershed.config'='%s', 'watershed.stream'='fading')"
                .formatted(config()));
    assertThat(hive.run("SELECT count(*) FROM fading")).containsExactly(List.of("40"));
    // Hive 3.1 has no such thing: rows come while they are read.
    hive.run("SET hive.fetch.task.caching=false");
    assertThatThrownBy(
            () ->
                hive.run(
                    "SELECT `_shard_id` FROM fading",
                    () -> {
                      kinesis.expireOldest("fading", "shardId-000000000000", 1);
                      kinesis.expireOldest("fading", "shardId-000000000001", 1);
                    }))
        .isInstanceOf(HiveServer.Refused.class)
        .hasMessageContaining("live part of shardId");
  }

  @Test
  void theStatementsOfCreateTablesRun() throws Exception {
    String statements =
        HiveTables.of(
                "made",
                HiveHandler.WATERSHED,
                List.of(new HiveStream(STREAM, STREAM, true, "", PayloadSchema.EMPTY)))
            .replace(ClusterResources.CONFIG_ON_NODES, config().toString())
            .replace(ClusterResources.HIVE_JAR_ON_NODES, System.getProperty("watershed.hive.jar"));
    for (int again = 0; again < 2; again++) {
      for (String statement : statements.strip().split(";\\n?")) {
        hive.run(statement);
      }
    }
    hive.run("USE default");
    assertThat(hive.run("SELECT id FROM made.orders WHERE id IN (60, 61)"))
        .containsExactlyInAnyOrder(List.of("60"), List.of("61"));
    assertThat(hive.run("SELECT id FROM made.orders_live WHERE id IN (60, 61)"))
        .containsExactly(List.of("61"));
  }

  @Test
  void aTableThatCannotBeIsRefused() {
    String handler = " STORED BY 'io.watershed.hive.WatershedStorageHandler' TBLPROPERTIES (";
    String config = "'watershed.config'='" + config() + "'";
    assertRefused(
        "CREATE EXTERNAL TABLE x (id BIGINT)" + handler + config + ")",
        "the table has no property 'watershed.stream'");
    assertRefused(
        "CREATE EXTERNAL TABLE x (id BIGINT)"
            + handler
            + config
            + ", 'watershed.stream'='orders', 'watershed.side'='both')",
        "'watershed.side' is 'both'");
    assertRefused(
        "CREATE EXTERNAL TABLE x (`_arrival_time` STRING)"
            + handler
            + config
            + ", 'watershed.stream'='orders')",
        "_arrival_time is declared as string");
  }

  @Test
  void aDeclaredTypeThatCannotHoldTheValuesIsRefused() throws Exception {
    hive.run(
        "CREATE EXTERNAL TABLE typed (id STRING, amount BIGINT, nothing STRING)"
            + " STORED BY 'io.watershed.hive.WatershedStorageHandler'"
            + " TBLPROPERTIES ('watershed.config'='%s', 'watershed.stream'='orders')"
                .formatted(config()));
    assertThat(hive.run("SELECT id FROM typed WHERE id = '7'")).containsExactly(List.of("7"));
    assertRefused("SELECT amount FROM typed", "declares as bigint");
    assertRefused("SELECT nothing FROM typed", "has no column 'nothing'");
  }

  private static void assertRefused(String sql, String why) {
    assertThatThrownBy(() -> hive.run(sql))
        .isInstanceOf(HiveServer.Refused.class)
        .hasMessageContaining(why);
  }
}
