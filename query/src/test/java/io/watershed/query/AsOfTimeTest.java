package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.consumer.Position;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.cut.StreamSources;
import io.watershed.query.Water.Answer;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cuts at a time: by position, per shard, alike for archived and live records. */
class AsOfTimeTest {
  private static final Instant DAY = Instant.parse("2026-11-22T23:59:00Z");
  private static final String IDS =
      "SELECT json_extract(decode(_payload), '$.id')::BIGINT FROM orders ORDER BY 1";

  @TempDir Path folder;

  @Test
  void aTimeCutsArchivedAndLiveRecordsAlikeWhateverIsArchived() throws Exception {
    for (int seed = 1; seed <= 2; seed++) {
      Random random = new Random(seed);
      MemoryStream stream = new MemoryStream("orders", 2, 4);
      try (Site site = new Site(folder.resolve("s" + seed), stream)) {
        int id = 0;
        for (int round = 0; round < 4; round++) {
          for (int i = 0; i < 10; i++, id++) {
            put(stream, random, id);
          }
          site.assertCuts(random, round);
          if (round == 1) {
            stream.split(openShard(stream, random));
          }
          if (round == 2) {
            stream.merge(2, 3);
          }
          if (round < 3) {
            site.archiver.commit(
                "orders", stream, 1 + random.nextInt(12), SchemaSettings.DEFAULTS, List.of());
          }
        }
        for (int i = 0; i < 4; i++) {
          site.archiver.archiveAll("orders", stream);
        }
        site.assertCuts(random, 4);
        site.assertReceipts();
      }
    }
  }

  /** One every 10 s or so over midnight, up to 25 s off. */
  private static void put(MemoryStream stream, Random random, int id) {
    Instant arrival = DAY.plusSeconds(10L * (id / 3)).plusMillis(random.nextInt(50_000) - 25_000);
    stream.put(openShard(stream, random), arrival, "{\"id\":" + id + "}");
  }

  private static int openShard(MemoryStream stream, Random random) {
    while (true) {
      int shard = random.nextInt(stream.shardCount());
      if (stream.isOpen(shard)) {
        return shard;
      }
    }
  }

  @Test
  void aLateRecordInAParentExcludesItsChildrenAndOneInAChildOnlyItself() throws Exception {
    MemoryStream stream = new MemoryStream("orders", 1, 100);
    stream.put(0, DAY, "{\"id\":1}");
    stream.put(0, DAY.plusSeconds(60), "{\"id\":2}");
    stream.put(0, DAY, "{\"id\":3}");
    stream.split(0);
    stream.put(1, DAY, "{\"id\":4}");
    stream.put(2, DAY.plusSeconds(90), "{\"id\":5}");
    try (Site site = new Site(folder, stream)) {
      for (boolean archived : new boolean[] {false, true}) {
        if (archived) {
          site.archiver.archiveAll("orders", stream);
        }
        assertThat(site.ids(DAY.plusSeconds(59))).containsExactly(1L);
        assertThat(site.ids(DAY.plusSeconds(60))).containsExactly(1L, 2L, 3L, 4L);
        assertThat(site.ids(DAY.plusSeconds(90))).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(site.ids(DAY.minusSeconds(1))).isEmpty();
      }
    }
  }

  /** One commit over midnight: both files cover the same range of positions. */
  @Test
  void theFirstLaterRecordMayBeInAnyFileOfACommit() throws Exception {
    Instant midnight = Instant.parse("2026-11-23T00:00:00Z");
    MemoryStream stream = new MemoryStream("orders", 1, 100);
    stream.put(0, midnight.minusSeconds(120), "{\"id\":1}");
    stream.put(0, midnight.plusSeconds(1), "{\"id\":2}");
    stream.put(0, midnight.minusSeconds(120), "{\"id\":3}");
    stream.put(0, midnight.minusSeconds(10), "{\"id\":4}");
    try (Site site = new Site(folder, stream)) {
      site.archiver.archiveAll("orders", stream);
      assertThat(site.ids(midnight.minusSeconds(60))).containsExactly(1L);
    }
  }

  @Test
  void childrenThatTheArchiveNeverSawAreExcludedToo() throws Exception {
    MemoryStream stream = new MemoryStream("orders", 1, 100);
    stream.put(0, DAY, "{\"id\":1}");
    stream.put(0, DAY.plusSeconds(60), "{\"id\":2}");
    stream.split(0);
    stream.put(1, DAY, "{\"id\":3}");
    try (Site site = new Site(folder, stream)) {
      site.archiver.commit("orders", stream, Integer.MAX_VALUE, SchemaSettings.DEFAULTS, List.of());
      assertThat(site.ids(DAY.plusSeconds(59))).containsExactly(1L);
      assertThat(site.ids(DAY.plusSeconds(60))).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void aLateCopyThatTheArchiverWillLeaveOutEndsNothing() throws Exception {
    MemoryStream stream = new MemoryStream("orders", 1, 100);
    StreamRecord first = stream.put(0, DAY, "{\"id\":1}");
    try (Site site = new Site(folder, stream)) {
      site.archiver.archiveAll("orders", stream);
      Position position =
          new Position(
              first.shard().incarnation(),
              first.shard().shardId(),
              first.position().sequenceNumber().decimal(),
              0);
      stream.put(
          0,
          DAY.plusSeconds(60),
          Envelope.wrap(
              EnvelopeHeader.of("replay-1", position, first.arrivalTime(), 1), first.payload()));
      stream.put(0, DAY.plusSeconds(1), "{\"id\":2}");
      for (boolean archived : new boolean[] {false, true}) {
        if (archived) {
          site.archiver.archiveAll("orders", stream);
        }
        assertThat(site.ids(DAY.plusSeconds(30))).containsExactly(1L, 2L);
      }
    }
  }

  @Test
  void theTimeIsNamedTheFutureIsRefusedAndDroppedDaysAreAnError() throws Exception {
    MemoryStream stream = new MemoryStream("orders", 1, 100);
    stream.put(0, DAY, "{\"id\":1}");
    stream.put(0, DAY.plus(Duration.ofDays(2)), "{\"id\":2}");
    try (Site site = new Site(folder, stream)) {
      site.archiver.archiveAll("orders", stream);
      Answer answer = site.ask(SqlRequest.of(IDS).at(AsOf.time(DAY.plusSeconds(1))));
      assertThat(answer.outcome.notices()).anyMatch(notice -> notice.contains("approximate"));
      assertThat(answer.outcome.receipt().body())
          .contains("\"as_of_time\":\"2026-11-22T23:59:01Z\"");

      assertCode(
          ErrorCode.INVALID_INPUT, () -> site.ids(Instant.now().plus(Duration.ofMinutes(5))));

      ArchiveTable table = site.reservoir.find("orders").orElseThrow();
      table.dropDays(table.load(), LocalDate.parse("2026-11-24"));
      assertCode(ErrorCode.GAP, () -> site.ids(DAY.plusSeconds(1)));
      assertThat(site.ids(DAY.plus(Duration.ofDays(2)))).containsExactly(2L);
    }
  }

  @Test
  void aScanReadsTheSameCut() throws Exception {
    MemoryStream stream = new MemoryStream("orders", 2, 100);
    for (int id = 0; id < 20; id++) {
      stream.put(id % 2, DAY.plusSeconds(id), "{\"id\":" + id + "}");
    }
    try (Site site = new Site(folder, stream)) {
      site.archiver.archiveAll("orders", stream);
      ScanRequest request = ScanRequest.of("orders").at(AsOf.time(DAY.plusSeconds(6)));
      try (RecordScan scan = site.engine.scan(request)) {
        List<String> payloads = new ArrayList<>();
        scan.records().forEachRemaining(r -> payloads.add(text(r)));
        assertThat(payloads).hasSize(7).contains("{\"id\":6}").doesNotContain("{\"id\":7}");
        assertThat(scan.totals().records()).isEqualTo(7);
      }
    }
  }

  private static String text(StreamRecord record) {
    return new String(record.payload(), StandardCharsets.UTF_8);
  }

  private static void assertCode(
      ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).as(e.toString()).isEqualTo(code));
  }

  /** A stream, its reservoir and an engine over both. */
  private static final class Site implements AutoCloseable {
    final MemoryStream stream;
    final Reservoir reservoir;
    final TestArchiver archiver;
    final QueryEngine engine;
    private final List<Answer> answers = new ArrayList<>();

    Site(Path folder, MemoryStream stream) {
      this.stream = stream;
      reservoir = Reservoir.open(folder.resolve("reservoir").toString(), AwsAccess.DEFAULT);
      archiver = new TestArchiver(reservoir, folder.resolve("encoded"));
      engine =
          QueryEngine.open(
              reservoir,
              StreamSources.of(Map.of("orders", stream)),
              SqlSettings.DEFAULTS,
              Water.LIVE,
              folder.resolve("cache"));
    }

    Answer ask(SqlRequest request) {
      Answer answer = new Answer();
      answer.outcome = engine.execute(request, answer);
      return answer;
    }

    List<Object> ids(Instant time) {
      Answer answer = ask(SqlRequest.of(IDS).at(AsOf.time(time)));
      answers.add(answer);
      List<Object> ids = new ArrayList<>();
      answer.rows.forEach(row -> ids.add(row.get(0)));
      return ids;
    }

    void assertCuts(Random random, int round) {
      for (int i = 0; i < 2; i++) {
        Instant time = DAY.plusMillis(random.nextInt(160_000) - 20_000);
        assertThat(ids(time)).as("round %d, as of %s", round, time).isEqualTo(expected(time));
      }
    }

    /** However much is archived by now. */
    void assertReceipts() {
      for (Answer answer : answers.subList(0, 3)) {
        assertThat(ask(SqlRequest.of(IDS).at(answer.receipt())).rows).isEqualTo(answer.rows);
      }
    }

    /** The rule, by hand. */
    private List<Object> expected(Instant time) {
      Set<ShardKey> whole = new HashSet<>();
      List<Long> ids = new ArrayList<>();
      Lineage lineage = Lineage.of(stream.allShards());
      for (Shard shard : lineage.shards()) {
        boolean reached =
            lineage.parents(shard).stream().allMatch(parent -> whole.contains(parent.key()));
        boolean later = false;
        for (StreamRecord record :
            reached ? stream.records(shard.key()) : List.<StreamRecord>of()) {
          later |= record.arrivalTime().isAfter(time);
          if (!later) {
            ids.add(Long.parseLong(text(record).replaceAll("[^0-9]", "")));
          }
        }
        if (reached && !later) {
          whole.add(shard.key());
        }
      }
      return new ArrayList<>(ids.stream().sorted().toList());
    }

    @Override
    public void close() {
      engine.close();
      reservoir.close();
    }
  }
}
