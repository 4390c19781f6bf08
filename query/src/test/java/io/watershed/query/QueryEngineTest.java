package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.consumer.Position;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.LiveMode;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.StreamSource;
import io.watershed.query.Water.Answer;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryEngineTest {
  private static final String EVERYTHING =
      "SELECT * FROM orders ORDER BY _incarnation, _shard_id, _sequence_number";

  @TempDir Path folder;

  @Test
  void theSeamNeitherDuplicatesNorLoses() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 100);
      water.archiver.commit(
          "orders", water.source("orders"), 20, SchemaSettings.DEFAULTS, List.of());
      water.putOrders("orders", 101, 150);

      assertThat(
              water.ask(
                      "SELECT count(*), count(DISTINCT id), min(id), max(id),"
                          + " count(DISTINCT _sequence_number) FROM orders")
                  .rows)
          .containsExactly(List.of(150L, 150L, 1L, 150L, 150L));
      assertThat(
              water.ask("SELECT (SELECT count(*) FROM orders_archive), count(*) FROM orders_live")
                  .rows)
          .containsExactly(List.of(40L, 110L));
    }
  }

  @Test
  void everyScanOfAStatementSeesOneSetWhileRecordsArrive() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 20);
      water.archive("orders");
      AtomicBoolean stop = new AtomicBoolean();
      Thread producer =
          new Thread(
              () -> {
                for (int id = 21; !stop.get() && id < 20_000; id++) {
                  water.putOrders("orders", id, id);
                }
              });
      producer.start();
      try {
        for (int i = 0; i < 5; i++) {
          List<Object> counts =
              water
                  .ask(
                      "WITH c AS (SELECT * FROM orders) SELECT count(*), (SELECT count(*) FROM"
                          + " orders), (SELECT count(*) FROM c a JOIN c b USING (id)), (SELECT"
                          + " count(*) FROM orders x JOIN orders y USING (_sequence_number)) FROM"
                          + " orders")
                  .rows
                  .get(0);
          assertThat(counts).allMatch(counts.get(0)::equals);
        }
      } finally {
        stop.set(true);
        producer.join();
      }
    }
  }

  @Test
  void aReceiptRepeatsExactlyWhileTheArchiverCommitsAndShardsSplit() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 60);
      water.archiver.commit(
          "orders", water.source("orders"), 10, SchemaSettings.DEFAULTS, List.of());
      Answer first = water.ask(EVERYTHING);
      assertThat(first.rows).hasSize(60);

      // Records with new columns and other types arrive, and are not part of the cut.
      water.put("orders", "user-1", "{\"id\":\"text\",\"note\":\"new\"}");
      water.putOrders("orders", 61, 90);
      assertSame(first, water);
      water.archiver.commit(
          "orders", water.source("orders"), 15, SchemaSettings.DEFAULTS, List.of());
      assertSame(first, water);
      water.split("orders", "shardId-000000000000");
      water.putOrders("orders", 91, 120);
      assertSame(first, water);

      Answer second = water.ask(EVERYTHING);
      assertThat(second.rows).hasSize(121);
      water.archive("orders");
      assertSame(first, water);
      assertSame(second, water);
      water.split("orders", "shardId-000000000001");
      water.putOrders("orders", 121, 140);
      water.archive("orders");
      water.putOrders("orders", 141, 150);
      assertSame(first, water);
      assertSame(second, water);
      assertThat(water.ask("SELECT count(*) FROM orders").single()).isEqualTo(151L);
    }
  }

  private static void assertSame(Answer expected, Water water) {
    Answer again = water.ask(SqlRequest.of(EVERYTHING).at(expected.receipt()));
    assertThat(again.columns).isEqualTo(expected.columns);
    assertThat(again.rows).usingRecursiveFieldByFieldElementComparator().isEqualTo(expected.rows);
    assertThat(again.receipt()).isEqualTo(expected.receipt());
    Answer byBody =
        water.ask(
            SqlRequest.of("SELECT count(*) FROM orders").at(expected.outcome.receipt().body()));
    assertThat(byBody.single()).isEqualTo((long) expected.rows.size());
  }

  @Test
  void aReceiptWhoseRecordsWereTrimmedIsAnErrorAndOneThatIsArchivedIsNot() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 20);
      water.archive("orders");
      water.putOrders("orders", 21, 40);
      Answer lost = water.ask(EVERYTHING);
      Answer kept = water.ask(SqlRequest.of(EVERYTHING).with(LiveMode.OFF));
      for (String shard : List.of("shardId-000000000000", "shardId-000000000001")) {
        water.kinesis.expireOldest("orders", shard, 1000);
      }
      water.putOrders("orders", 41, 50);

      assertCode(ErrorCode.GAP, () -> water.ask(SqlRequest.of(EVERYTHING).at(lost.receipt())));
      assertThat(water.ask(SqlRequest.of(EVERYTHING).at(kept.receipt())).rows).hasSize(20);
      assertCode(
          ErrorCode.GAP,
          () -> water.ask(SqlRequest.of(EVERYTHING).at(lost.receipt()).with(LiveMode.OFF)));
    }
  }

  @Test
  void aReceiptThatReachesIntoDroppedDaysIsAnErrorAndALaterOneIsNot() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 20);
      water.archive("orders");
      Answer lost = water.ask(EVERYTHING);
      ArchiveTable table = water.reservoir.find("orders").orElseThrow();
      table.dropDays(table.load(), LocalDate.now(ZoneOffset.UTC).plusDays(2));
      water.putOrders("orders", 21, 30);
      water.archive("orders");

      assertCode(ErrorCode.GAP, () -> water.ask(SqlRequest.of(EVERYTHING).at(lost.receipt())));
      Answer now = water.ask(EVERYTHING);
      assertThat(now.rows).hasSize(10);
      assertSame(now, water);
    }
  }

  @Test
  void aReceiptWhoseRecordsArePartlyTrimmedIsAnError() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 40);
      Answer lost = water.ask(EVERYTHING);
      water.kinesis.expireOldest("orders", "shardId-000000000000", 3);
      assertCode(ErrorCode.GAP, () -> water.ask(SqlRequest.of(EVERYTHING).at(lost.receipt())));
    }
  }

  @Test
  void aTrimmedRangeIsAGapInTheReceiptAndInTheTable() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 20);
      water.archive("orders");
      water.putOrders("orders", 21, 60);
      for (String shard : List.of("shardId-000000000000", "shardId-000000000001")) {
        water.kinesis.expireOldest("orders", shard, 15);
      }
      Answer answer = water.ask("SELECT count(*) FROM orders");
      assertThat((long) answer.single()).isBetween(20L, 59L);
      assertThat(answer.outcome.receipt().streams().get(0).gaps()).isNotEmpty();
      assertThat(answer.outcome.receipt().body()).contains("\"reason\":\"trimmed\"");
      assertThat(answer.outcome.notices()).anyMatch(notice -> notice.contains("gap"));
      assertThat(
              water
                  .ask("SELECT count(*), (SELECT count(*) FROM orders) FROM watershed.gaps")
                  .rows
                  .get(0)
                  .get(0))
          .isNotEqualTo(0L);
    }
  }

  @Test
  void whatIsTrimmedWhileTheCutIsResolvedIsFoundInTheArchiveInstead() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 20);
      water.archive("orders");
      water.putOrders("orders", 21, 60);
      AtomicBoolean raced = new AtomicBoolean();
      // Between the checkpoints and the live read the archiver commits, and the stream trims.
      StreamSource racing =
          beforeListing(
              water.source("orders"),
              () -> {
                if (raced.compareAndSet(false, true)) {
                  var before = water.reservoir.find("orders").orElseThrow().load();
                  water.archive("orders");
                  for (var checkpoint : before.checkpoints().values()) {
                    water.kinesis.expireOldest(
                        "orders", checkpoint.key().shardId(), checkpoint.rows() + 1);
                  }
                }
              });
      try (QueryEngine engine =
          QueryEngine.open(
              water.reservoir,
              StreamSources.of(Map.of("orders", racing)),
              SqlSettings.DEFAULTS,
              Water.LIVE,
              folder.resolve("cache2"))) {
        Answer answer = new Answer();
        QueryOutcome outcome =
            engine.execute(
                SqlRequest.of("SELECT count(*), count(DISTINCT id) FROM orders"), answer);
        assertThat(raced).isTrue();
        assertThat(answer.rows).containsExactly(List.of(60L, 60L));
        assertThat(outcome.receipt().streams().get(0).gaps()).isEmpty();
      }
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  private static StreamSource beforeListing(StreamSource source, Step step) {
    return (StreamSource)
        java.lang.reflect.Proxy.newProxyInstance(
            StreamSource.class.getClassLoader(),
            new Class<?>[] {StreamSource.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("listShards")) {
                step.run();
              }
              return method.invoke(source, arguments);
            });
  }

  @Test
  void copiesThatAReplayPutBackAreNotCountedAgain() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 10);
      water.archive("orders");
      StreamRecord original;
      try (RecordScan scan = water.engine.scan(ScanRequest.of("orders"))) {
        original = scan.records().next();
      }
      water.kinesis.put("orders", original.partitionKey(), replayed(original));
      Answer live = water.ask("SELECT count(*) FROM orders");
      assertThat(live.single()).isEqualTo(10L);
      water.archive("orders");
      assertThat(water.ask("SELECT count(*) FROM orders").single()).isEqualTo(10L);
      assertThat(
              water.ask(SqlRequest.of("SELECT count(*) FROM orders").at(live.receipt())).single())
          .isEqualTo(10L);
    }
  }

  @Test
  void aCopyOfWhatWasArchivedWhileTheStatementReadIsNotCounted() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 10);
      water.archive("orders");
      HookedSource hooked = new HookedSource(water.source("orders"));
      AtomicInteger calls = new AtomicInteger();
      hooked.before =
          request -> {
            if (request.equals("describe") && calls.getAndIncrement() == 0) {
              archiveOneAndReplayIt(water);
            }
            return null;
          };
      try (QueryEngine engine =
          QueryEngine.open(
              water.reservoir,
              StreamSources.of(Map.of("orders", hooked)),
              SqlSettings.DEFAULTS,
              Water.LIVE,
              folder.resolve("hooked"))) {
        Answer answer = new Answer();
        QueryOutcome outcome = engine.execute(SqlRequest.of("SELECT count(*) FROM orders"), answer);
        assertThat(answer.single()).isEqualTo(11L);
        water.archive("orders");
        assertThat(
                water
                    .ask(SqlRequest.of("SELECT count(*) FROM orders").at(outcome.receipt().id()))
                    .single())
            .isEqualTo(11L);
      }
    }
  }

  private static void archiveOneAndReplayIt(Water water) {
    try {
      water.putOrders("orders", 11, 11);
      water.archive("orders");
      List<StreamRecord> records = new ArrayList<>();
      try (RecordScan scan = water.engine.scan(ScanRequest.of("orders"))) {
        scan.records().forEachRemaining(records::add);
      }
      StreamRecord last =
          records.stream()
              .filter(
                  record ->
                      new String(record.payload(), StandardCharsets.UTF_8).contains("\"id\":11,"))
              .findFirst()
              .orElseThrow();
      water.kinesis.put("orders", last.partitionKey(), replayed(last));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] replayed(StreamRecord original) {
    return Envelope.wrap(
        EnvelopeHeader.of(
            "replay-1",
            new Position(
                original.shard().incarnation(),
                original.shard().shardId(),
                original.position().sequenceNumber().decimal(),
                original.position().subSequenceNumber()),
            original.arrivalTime(),
            1),
        original.payload());
  }

  @Test
  void aStatementOverAStreamThatTheReceiptDoesNotHoldIsAnError() throws Exception {
    try (Water water = new Water(folder, "orders", "clicks")) {
      water.putOrders("orders", 1, 5);
      water.putOrders("clicks", 1, 5);
      String receipt = water.ask("SELECT * FROM orders").receipt();
      assertCode(
          ErrorCode.INVALID_INPUT,
          () -> water.ask(SqlRequest.of("SELECT * FROM orders, clicks").at(receipt)));
      assertCode(
          ErrorCode.NOT_FOUND,
          () -> water.ask(SqlRequest.of("SELECT * FROM orders").at("0123456789ab")));
      assertCode(
          ErrorCode.INVALID_INPUT,
          () -> water.ask(SqlRequest.of("SELECT * FROM orders").at("yesterday")));
      assertCode(
          ErrorCode.SQL,
          () -> water.ask(SqlRequest.of("SELECT * FROM watershed.shards").at(receipt)));
    }
  }

  @Test
  void aTableThatWasDroppedAndMadeAgainDoesNotAnswerAnOldReceipt() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 5);
      water.archive("orders");
      String receipt = water.ask(EVERYTHING).receipt();
      Files.move(folder.resolve("reservoir/orders"), folder.resolve("dropped"));
      assertCode(ErrorCode.GAP, () -> water.ask(SqlRequest.of(EVERYTHING).at(receipt)));
      water.archive("orders");
      assertCode(ErrorCode.GAP, () -> water.ask(SqlRequest.of(EVERYTHING).at(receipt)));
    }
  }

  @Test
  void aStreamWithoutAnArchiveIsAnsweredLive() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 5);
      Answer live = water.ask(EVERYTHING);
      assertThat(live.rows).hasSize(5);
      assertThat(water.ask("SELECT count(*) FROM orders_archive").single()).isEqualTo(0L);
      assertCode(
          ErrorCode.NOT_FOUND, () -> water.ask(SqlRequest.of(EVERYTHING).with(LiveMode.OFF)));
      water.archive("orders");
      assertSame(live, water);
    }
  }

  @Test
  void liveModesSayWhatIsRead() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 10);
      water.archive("orders");
      water.putOrders("orders", 11, 15);
      SqlRequest count = SqlRequest.of("SELECT count(*) FROM orders");
      assertThat(water.ask(count.with(LiveMode.OFF)).single()).isEqualTo(10L);
      assertThat(water.ask(count.with(LiveMode.REQUIRE)).single()).isEqualTo(15L);

      water.streams.deleteStream("orders").get();
      Answer archived = water.ask(count);
      assertThat(archived.single()).isEqualTo(10L);
      assertThat(archived.outcome.notices()).anyMatch(n -> n.contains("was not read"));
      assertCode(ErrorCode.STREAM_NOT_FOUND, () -> water.ask(count.with(LiveMode.REQUIRE)));
    }
  }

  @Test
  void oneLogicalColumnPerPathOverItsTypes() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.put("orders", "a", "{\"n\":1,\"mixed\":1,\"c\":{\"city\":\"Ulm\",\"zip\":7}}");
      water.archive("orders");
      water.put(
          "orders", "a", "{\"n\":2.5,\"mixed\":\"x\",\"c\":{\"city\":\"Bonn\",\"zip\":\"0x\"}}");
      water.archive("orders");
      water.put("orders", "a", "{\"n\":3,\"mixed\":true,\"c\":{\"city\":\"Köln\",\"new\":[1, 2]}}");
      water.put("orders", "a", "{\"n\":4,\"mixed\":{\"deep\":1},\"c\":\"none\"}");

      Answer answer =
          water.ask(
              "SELECT n, mixed, mixed__struct.deep, c.city, c.zip, c.\"new\", c__text FROM orders"
                  + " ORDER BY n");
      assertThat(answer.columns.get(0).type()).isEqualTo("DOUBLE");
      assertThat(answer.columns.get(1).type()).isEqualTo("VARCHAR");
      assertThat(answer.rows)
          .containsExactly(
              row(1.0, "1", null, "Ulm", "7", null, null),
              row(2.5, "x", null, "Bonn", "0x", null, null),
              row(3.0, "true", null, "Köln", null, "[1, 2]", null),
              row(4.0, null, 1L, null, null, null, "none"));
      // Whatever happens to the table later, the receipt has its own columns.
      Answer star = water.ask("SELECT * FROM orders ORDER BY n");
      water.put("orders", "a", "{\"n\":\"five\",\"later\":1}");
      water.archive("orders");
      Answer again = water.ask(SqlRequest.of("SELECT * FROM orders ORDER BY n").at(star.receipt()));
      assertThat(again.columns).isEqualTo(star.columns);
      assertThat(again.rows).usingRecursiveFieldByFieldElementComparator().isEqualTo(star.rows);
    }
  }

  @Test
  void aSiblingIsExactWhenItIsNamed() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.put("orders", "k", "{\"id\":1,\"n__text\":false,\"n\":9007199254740993}");
      water.put("orders", "k", "{\"id\":2,\"n\":0.5}");
      water.put("orders", "k", "{\"id\":3,\"n\":\"x\",\"n__text\":true}");
      water.archive("orders");
      water.put("orders", "k", "{\"id\":4,\"n\":9007199254740995}");
      assertThat(water.ask("SELECT id, n__long, N__Double, id__long FROM orders ORDER BY id").rows)
          .containsExactly(
              Arrays.asList(1L, 9007199254740993L, null, 1L),
              Arrays.asList(2L, null, 0.5, 2L),
              Arrays.asList(3L, null, null, 3L),
              Arrays.asList(4L, 9007199254740995L, null, 4L));
      // A column of that very name goes first, and a star shows one column a path.
      assertThat(water.ask("SELECT n__text FROM orders WHERE id = 3").single()).isEqualTo(true);
      assertThat(water.ask("SELECT * FROM orders").columns)
          .extracting(ResultColumn::name)
          .contains("n", "n__text")
          .doesNotContain("n__long", "n__double");
    }
  }

  @Test
  void filesThatAreOlderThanAColumnAreReadFromTheirPayloads() throws Exception {
    SchemaSettings narrow = new SchemaSettings(1, 128, 100);
    try (Water water = new Water(folder, "orders")) {
      water.put("orders", "a", "{\"id\":1,\"late\":10,\"c\":{\"x\":\"y\"}}");
      water.archiver.commit("orders", water.source("orders"), 1000, narrow, List.of());
      water.put("orders", "a", "{\"id\":2,\"late\":20,\"c\":{\"x\":\"z\"}}");
      water.archive("orders");

      String sql = "SELECT id, late, c.x FROM orders ORDER BY id";
      List<List<Object>> expected = List.of(List.of(1L, 10L, "y"), List.of(2L, 20L, "z"));
      assertThat(water.ask(sql).rows).isEqualTo(expected);
      assertThat(water.ask("SELECT * EXCLUDE (_payload) FROM orders WHERE late = 10").rows)
          .hasSize(1);

      // Beyond the bound the answer is an error, never a NULL that is none; other columns go on.
      try (QueryEngine small =
          QueryEngine.open(
              water.reservoir,
              StreamSources.none(),
              withoutReshredding(),
              Water.LIVE,
              folder.resolve("cache2"))) {
        assertCode(ErrorCode.LIMIT, () -> small.execute(SqlRequest.of(sql), new Answer()));
        Answer ids = new Answer();
        small.execute(SqlRequest.of("SELECT id FROM orders ORDER BY id"), ids);
        assertThat(ids.rows).containsExactly(List.of(1L), List.of(2L));
      }
    }
  }

  private static SqlSettings withoutReshredding() {
    SqlSettings d = SqlSettings.DEFAULTS;
    return new SqlSettings(
        d.timeout(),
        d.memoryBytes(),
        d.spillBytes(),
        d.threads(),
        d.maxRows(),
        d.maxStatementChars(),
        d.maxReshreddedBytes(),
        0,
        d.cacheBytes(),
        d.parallelDownloads());
  }

  @Test
  void payloadsOfAnyBytesComeBackAsTheyAre() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      byte[][] payloads = {
        {},
        {0},
        {(byte) 0xff, (byte) 0xfe},
        "{broken".getBytes(StandardCharsets.UTF_8),
        "[1]".getBytes(StandardCharsets.UTF_8),
        ("[".repeat(100_000)).getBytes(StandardCharsets.UTF_8),
      };
      for (byte[] payload : payloads) {
        water.kinesis.put("orders", "k", payload);
      }
      String sql = "SELECT _payload FROM orders ORDER BY _sequence_number";
      Answer live = water.ask(sql);
      water.archive("orders");
      Answer archived = water.ask(sql);
      for (int i = 0; i < payloads.length; i++) {
        assertThat((byte[]) live.rows.get(i).get(0)).isEqualTo(payloads[i]);
        assertThat((byte[]) archived.rows.get(i).get(0)).isEqualTo(payloads[i]);
      }
      assertThat(water.ask("SELECT count(*) FROM orders WHERE _decode_error IS NOT NULL").single())
          .isEqualTo((long) payloads.length);
    }
  }

  @Test
  void answersEqualPlainDuckDbOverTheSameJson() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      List<String> lines = new ArrayList<>();
      for (int id = 0; id < 500; id++) {
        String line =
            "{\"id\":%d,\"user\":\"u%d\",\"amount\":%s,\"paid\":%s,\"c\":{\"city\":\"c%d\",\"n\":%d}}"
                .formatted(id, id % 13, id / 4.0 + 0.5, id % 3 == 0, id % 5, id % 7);
        lines.add(line);
        water.put("orders", "u" + id % 13, line);
        if (id == 150 || id == 300) {
          water.archive("orders");
        }
      }
      Path file = Files.write(folder.resolve("orders.ndjson"), lines);
      for (String sql :
          List.of(
              "SELECT count(*), sum(amount), min(id), max(\"user\") FROM orders",
              "SELECT \"user\", count(*), sum(amount) FROM orders GROUP BY ALL ORDER BY 1",
              "SELECT c.city, sum(c.n) FROM orders WHERE paid GROUP BY ALL ORDER BY 1",
              "SELECT id, amount, paid, c FROM orders WHERE id % 50 = 0 ORDER BY id",
              "SELECT a.id, b.id FROM orders a JOIN orders b ON a.id = b.id + 100 ORDER BY 1 LIMIT 9",
              "SELECT DISTINCT c.city FROM orders ORDER BY 1")) {
        assertThat(text(water.ask(sql).rows)).as(sql).isEqualTo(plain(file, sql));
      }
    }
  }

  private static List<String> text(List<List<Object>> rows) {
    return rows.stream().map(String::valueOf).toList();
  }

  private static List<String> plain(Path file, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE orders AS SELECT * FROM read_json('" + file + "')");
      List<String> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery(sql)) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          List<Object> row = new ArrayList<>();
          for (int i = 1; i <= columns; i++) {
            Object value = result.getObject(i);
            row.add(
                value instanceof java.sql.Struct s
                    ? ((org.duckdb.DuckDBStruct) s).getMap()
                    : value);
          }
          rows.add(String.valueOf(row));
        }
      }
      return rows;
    }
  }

  @Test
  void onlyFilesOfNamedStreamsAreTouched() throws Exception {
    try (Water water = new Water(folder, "orders", "clicks")) {
      water.putOrders("orders", 1, 5);
      water.putOrders("clicks", 1, 5);
      water.archive("orders");
      water.archive("clicks");
      var clicks = water.reservoir.find("clicks").orElseThrow();
      for (DataFileInfo file : clicks.files(clicks.load())) {
        Files.delete(water.reservoir.store().localPath(file.key()).orElseThrow());
      }
      assertThat(water.ask("SELECT count(*) FROM orders").single()).isEqualTo(5L);
      assertCode(ErrorCode.INTEGRITY, () -> water.ask("SELECT count(*) FROM clicks"));
      // The metadata alone answers this.
      assertThat(water.ask("SELECT sum(archived_records) FROM watershed.shards").rows.get(0).get(0))
          .hasToString("10");
    }
  }

  @Test
  void namesOfStreamsWorkQuotedByAliasAndInAnyCase() throws Exception {
    try (Water water = new Water(folder, "web-hits.v1")) {
      water.putOrders("web-hits.v1", 1, 5);
      for (String name :
          List.of(
              "\"web-hits.v1\"",
              "web_hits_v1",
              "WEB_HITS_V1",
              "\"web-hits.v1_live\"",
              "web_hits_v1_live")) {
        assertThat(water.ask("SELECT count(*) FROM " + name).single()).as(name).isEqualTo(5L);
      }
      assertThatThrownBy(() -> water.ask("SELECT * FROM web_hit"))
          .isInstanceOfSatisfying(
              WatershedException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.SQL);
                assertThat(e.hint()).contains("Did you mean web-hits.v1");
              });
    }
  }

  @Test
  void errorsNameColumnsAndNeverLocalPathsOrValues() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.put("orders", "a", "{\"id\":1,\"note\":\"secret-value\"}");
      water.archive("orders");
      assertThatThrownBy(() -> water.ask("SELECT amuont FROM orders"))
          .isInstanceOfSatisfying(
              WatershedException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.SQL);
                assertThat(e.getMessage()).contains("amuont").doesNotContain("LINE");
              });
      assertThatThrownBy(() -> water.ask("SELECT note::INTEGER FROM orders"))
          .isInstanceOfSatisfying(
              WatershedException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.SQL);
                assertThat(e.getMessage()).doesNotContain("secret-value");
              });
      for (String sql :
          List.of(
              "SELECT filename FROM orders",
              "SELECT file_row_number FROM orders",
              "SELECT * FROM duckdb_views",
              "SELECT * FROM watershed_records(1)",
              "DESCRIBE \"/tmp\"")) {
        assertThatThrownBy(() -> water.ask(sql))
            .isInstanceOfSatisfying(
                WatershedException.class,
                e -> {
                  assertThat(e.code()).isEqualTo(ErrorCode.SQL);
                  assertThat(e.getMessage() + e.hint()).doesNotContain(folder.toString());
                });
      }
      assertThat(water.ask("DESCRIBE orders").rows.toString()).doesNotContain(folder.toString());
    }
  }

  @Test
  void timeIsBoundedAndLeavesNothingBehind() throws Exception {
    SqlSettings settings = SqlSettings.DEFAULTS.withTimeout(Duration.ofMillis(700));
    try (Water water = new Water(folder, settings, "orders")) {
      water.putOrders("orders", 1, 5);
      assertCode(
          ErrorCode.LIMIT,
          () ->
              water.ask(
                  "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range %"
                      + " 7 = b.range % 11"));
      try (var left = Files.list(folder.resolve("cache/tmp"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void valuesKeepTheirTypes() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      List<Object> row =
          water
              .ask(
                  "SELECT 1::TINYINT, 170141183460469231731687303715884105727, 1.50, 0.1::FLOAT,"
                      + " TIMESTAMP '2026-03-29 02:30:00', TIMESTAMPTZ '2026-01-02"
                      + " 03:04:05.123456+01', DATE '2026-01-02', [1, NULL], {'a': {'b': 'x'}},"
                      + " MAP {'k': 1}, 'x'::BLOB, '{\"j\": 1}'::JSON, NULL, INTERVAL 1 DAY,"
                      + " 'infinity'::TIMESTAMPTZ")
              .rows
              .get(0);
      assertThat(row.get(0)).isEqualTo(1L);
      assertThat(row.get(1)).hasToString("170141183460469231731687303715884105727");
      assertThat(row.get(2)).isEqualTo(new java.math.BigDecimal("1.50"));
      assertThat(row.get(3)).isEqualTo(0.1);
      assertThat(row.get(4)).hasToString("2026-03-29T02:30");
      assertThat(row.get(5)).isEqualTo(java.time.Instant.parse("2026-01-02T02:04:05.123456Z"));
      assertThat(row.get(6)).hasToString("2026-01-02");
      assertThat(row.get(7)).hasToString("[1, null]");
      assertThat(row.get(8)).isEqualTo(Map.of("a", Map.of("b", "x")));
      assertThat(row.get(9)).isEqualTo(Map.of("k", 1L));
      assertThat((byte[]) row.get(10)).containsExactly('x');
      assertThat(row.get(11)).isEqualTo(new ResultSink.Json("{\"j\": 1}"));
      assertThat(row.get(12)).isNull();
      assertThat(row.get(13)).isEqualTo("1 day");
      assertThat(row.get(14)).isEqualTo("infinity");
    }
  }

  private static List<Object> row(Object... values) {
    return Arrays.asList(values);
  }

  private static void assertCode(
      ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).as(e.toString()).isEqualTo(code));
  }
}
