package io.watershed.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.archive.maintain.LocalMaintenance;
import io.watershed.archive.maintain.MaintenanceOptions;
import io.watershed.core.checkpoint.After;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.MaintenanceSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.cut.LiveMode;
import io.watershed.cut.StreamSources;
import io.watershed.query.RecordScan.Compaction;
import io.watershed.query.RecordScan.ScanPosition;
import io.watershed.reservoir.Reservoir;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The last record per key (PROTOCOL 6.4), beside the plain scan evaluated in Java. More histories:
 * {@code -Dwatershed.histories=100}.
 */
final class CompactedScanTest {
  private static final Instant DAY = Instant.parse("2026-01-05T12:00:00Z");
  private static final String TOMBSTONE = "n % 5 = 0";
  private static final int KEYS = 17;

  @TempDir Path folder;
  private Reservoir reservoir;
  private TestArchiver archiver;
  private QueryEngine engine;
  private MemoryStream stream;
  private final List<Shard> shards = new ArrayList<>();
  private int records;

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
    if (reservoir != null) {
      reservoir.close();
    }
  }

  static IntStream seeds() {
    return IntStream.rangeClosed(1, Integer.getInteger("watershed.histories", 2));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everySelectionKeepsTheLastRecordOfEachKey(int seed) throws Exception {
    Random random = new Random(seed);
    history(random);
    List<ScanRequest> requests = requests();
    Map<ScanRequest, List<String>> before = new HashMap<>();
    Map<ScanRequest, ScanRequest> pinned = new HashMap<>();
    for (ScanRequest request : requests) {
      before.put(request, check(request, random, pinned));
    }
    // What was live is archived, files are merged: the receipts' records stay the same.
    put(random, 20);
    archive();
    compactFiles();
    put(random, 20);
    for (ScanRequest request : requests) {
      try (RecordScan scan = engine.scan(pinned.get(request))) {
        assertThat(texts(rows(scan))).isEqualTo(before.get(request));
      }
    }
  }

  /** The order for replays: see {@link RecordScan#sideBySide}. */
  @ParameterizedTest
  @MethodSource("seeds")
  void sideBySideAncestorsComeFirstAndEachShardGoesOnAnywhere(int seed) throws Exception {
    Random random = new Random(seed);
    history(random);
    archive();
    shards.addAll(stream.allShards());
    List<ScanRequest> requests = new ArrayList<>(requests());
    ScanRequest all = ScanRequest.of("orders").computing(List.of("n + 1"));
    requests.add(all);
    requests.add(all.where("n % 3 > 0"));
    ShardKey second = shards.get(1).key();
    ShardPosition start = ShardPosition.parse("1050");
    requests.add(all.select(RecordSelection.ALL.startingAt(Map.of(second.shardId(), start))));
    for (ScanRequest request : requests) {
      try (RecordScan scan = engine.scan(request.with(LiveMode.OFF))) {
        List<ScannedRecord> plain = rows(scan);
        List<ScannedRecord> beside = sideBySide(scan, Map.of());
        assertThat(texts(beside)).containsExactlyInAnyOrderElementsOf(texts(plain));
        assertLineageOrder(beside);

        int done = random.nextInt(beside.size() + 1);
        Map<ShardKey, After> places = new HashMap<>();
        for (ScannedRecord row : beside.subList(0, done)) {
          places.put(row.record().shard(), new After.At(row.record().position()));
        }
        List<ScannedRecord> rest = sideBySide(scan, places);
        assertThat(texts(rest))
            .containsExactlyInAnyOrderElementsOf(texts(beside.subList(done, beside.size())));
        assertLineageOrder(rest);
      }
    }
  }

  private static List<ScannedRecord> sideBySide(RecordScan scan, Map<ShardKey, After> done) {
    List<ScannedRecord> rows = new ArrayList<>();
    scan.sideBySide(done).forEachRemaining(rows::add);
    return rows;
  }

  private void assertLineageOrder(List<ScannedRecord> rows) {
    Lineage lineage = Lineage.of(shards);
    Map<ShardKey, ShardPosition> last = new HashMap<>();
    Set<ShardKey> over = new HashSet<>();
    for (ScannedRecord row : rows) {
      ShardKey shard = row.record().shard();
      ShardPosition before = last.put(shard, row.record().position());
      assertThat(over).doesNotContain(shard);
      if (before == null) {
        over.addAll(lineage.ancestors(shard));
        shards.stream()
            .map(Shard::key)
            .filter(key -> key.incarnation().compareTo(shard.incarnation()) < 0)
            .forEach(over::add);
      } else {
        assertThat(row.record().position()).isGreaterThan(before);
      }
    }
  }

  @Test
  void recordsOfIndependentShardsAlternateInProportion() throws Exception {
    open();
    for (int i = 0; i < 300; i++) {
      stream.putAll(i % 3 == 0 ? 0 : 1, "key", DAY, List.of("{\"n\":" + i + "}"));
    }
    archive();
    try (RecordScan scan = engine.scan(ScanRequest.of("orders").with(LiveMode.OFF))) {
      List<ScannedRecord> rows = sideBySide(scan, Map.of());
      for (int from = 0; from < 300; from += 30) {
        assertThat(rows.subList(from, from + 30))
            .filteredOn(row -> row.record().shard().equals(stream.key(0)))
            .hasSizeBetween(8, 12);
      }
    }
  }

  private static List<ScanRequest> requests() {
    ScanRequest all = ScanRequest.of("orders").computing(List.of("n + 1"));
    Optional<String> none = Optional.empty();
    LastPerKey byPosition = LastPerKey.partitionKey();
    LastPerKey sent = new LastPerKey("_partition_key", none, Optional.of(TOMBSTONE), false);
    LastPerKey dropped = new LastPerKey("_partition_key", none, Optional.of(TOMBSTONE), true);
    LastPerKey someKeyless =
        new LastPerKey(
            "CASE WHEN n % 4 > 0 THEN upper(_partition_key) END",
            none, Optional.of(TOMBSTONE), true);
    LastPerKey byAmount =
        new LastPerKey("n % 3", Optional.of("amount"), Optional.of(TOMBSTONE), false);
    return List.of(
        all.select(RecordSelection.ALL.lastPer(byPosition)),
        all.select(RecordSelection.ALL.lastPer(sent)),
        all.select(RecordSelection.ALL.where("n % 2 = 1").lastPer(dropped)),
        all.select(RecordSelection.ALL.lastPer(someKeyless)),
        all.select(RecordSelection.ALL.where("n % 2 = 1").lastPer(byAmount)));
  }

  /** The records as text. */
  private List<String> check(
      ScanRequest request, Random random, Map<ScanRequest, ScanRequest> pinned) {
    LastPerKey last = request.selection().last().orElseThrow();
    try (RecordScan scan = engine.scan(request)) {
      ScanRequest again = request.at(scan.receipt().id());
      pinned.put(request, again);
      List<String> sql = new ArrayList<>(request.expressions());
      sql.add(last.key());
      sql.add("coalesce(" + last.tombstone().orElse("false") + ", false)");
      sql.add(last.orderBy().orElse("0"));
      List<ScannedRecord> plain;
      try (RecordScan every =
          engine.scan(again.select(request.selection().everyRecord()).computing(sql))) {
        plain = rows(every);
      }
      Map<String, ScannedRecord> winners = new HashMap<>();
      Set<ScannedRecord> expected = new LinkedHashSet<>();
      int keyless = 0;
      for (ScannedRecord row : plain) {
        Optional<String> key = row.values().get(1);
        if (key.isEmpty()) {
          expected.add(row);
          keyless++;
        } else {
          winners.merge(key.get(), row, (a, b) -> order(b) >= order(a) ? b : a);
        }
      }
      long tombstones = winners.values().stream().filter(CompactedScanTest::isTombstone).count();
      winners.values().stream()
          .filter(row -> !last.dropTombstones() || !isTombstone(row))
          .forEach(expected::add);
      List<ScannedRecord> wanted = plain.stream().filter(expected::contains).toList();

      List<ScannedRecord> rows = rows(scan);

      assertThat(texts(rows)).isEqualTo(texts(wanted));
      assertThat(rows.size()).isLessThan(plain.size());
      assertThat(scan.totals().records()).isEqualTo(rows.size());
      assertThat(scan.totals().payloadBytes())
          .isEqualTo(rows.stream().mapToLong(r -> r.record().payload().length).sum());
      assertThat(scan.extent().orElseThrow().lastArrival())
          .isEqualTo(
              rows.stream()
                  .map(r -> r.record().arrivalTime())
                  .max(Instant::compareTo)
                  .orElseThrow());
      assertThat(scan.compaction())
          .contains(
              new Compaction(
                  plain.size(),
                  winners.size(),
                  keyless,
                  tombstones,
                  last.dropTombstones() ? tombstones : 0));
      int done = random.nextInt(rows.size());
      StreamRecord place = rows.get(done).record();
      List<ScannedRecord> rest = new ArrayList<>();
      scan.rows(Optional.of(new ScanPosition(place.shard(), place.position())))
          .forEachRemaining(rest::add);
      assertThat(texts(rest)).isEqualTo(texts(wanted.subList(done + 1, wanted.size())));
      return texts(rows);
    }
  }

  private static double order(ScannedRecord row) {
    return row.values().get(3).map(Double::parseDouble).orElse(Double.NEGATIVE_INFINITY);
  }

  private static boolean isTombstone(ScannedRecord row) {
    return row.values().get(2).orElseThrow().equals("true");
  }

  @Test
  void aKeyInUnrelatedShardsHasNoLastRecordWithoutAnOrder() throws Exception {
    open();
    stream.putAll(0, "secret-a", DAY, List.of("{\"n\":1}"));
    stream.putAll(1, "secret-a", DAY, List.of("{\"n\":2}"));
    stream.putAll(1, "secret-b", DAY, List.of("{\"n\":3}"));
    archive();
    assertThatThrownBy(() -> count(LastPerKey.partitionKey()))
        .isInstanceOfSatisfying(
            WatershedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.REFUSED);
              assertThat(e).hasMessageContaining("1 of 2 keys");
              assertThat(e).hasMessageContaining("shardId-000000000000 and shardId-000000000001");
              assertThat(e.getMessage() + e.hint()).doesNotContain("secret");
              assertThat(e.hint()).contains("--order-by");
            });
    assertThat(count(ordered("_partition_key"))).isEqualTo(2);
    // One of the two shards alone is in order.
    RecordSelection one =
        RecordSelection.ALL
            .ofShards(Set.of("shardId-000000000001"))
            .lastPer(LastPerKey.partitionKey());
    try (RecordScan scan = engine.scan(ScanRequest.of("orders").select(one))) {
      assertThat(scan.totals().records()).isEqualTo(2);
    }
  }

  @Test
  void parentsThatAreMergedAreNotInOneLineage() throws Exception {
    open();
    stream.putAll(0, "a", DAY, List.of("{\"n\":1}"));
    stream.putAll(1, "a", DAY, List.of("{\"n\":2}"));
    stream.merge(0, 1);
    stream.putAll(2, "a", DAY, List.of("{\"n\":3}"));
    archive();
    assertThatThrownBy(() -> count(LastPerKey.partitionKey())).hasMessageContaining("1 of 1 keys");
  }

  @Test
  void aKeyOfSeveralPartitionKeysHasNoLastRecordWithoutAnOrder() throws Exception {
    open();
    stream.putAll(0, "a", DAY, List.of("{\"n\":1}"));
    stream.putAll(0, "b", DAY, List.of("{\"n\":1}", "{\"n\":2}"));
    archive();
    LastPerKey byNumber = new LastPerKey("n", Optional.empty(), Optional.empty(), false);
    assertThatThrownBy(() -> count(byNumber))
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REFUSED))
        .hasMessageContaining("1 of 2 keys have records of several partition keys");
    assertThat(count(ordered("n"))).isEqualTo(2);
  }

  @Test
  void aKeyThatIsAColumnOnlySinceLaterIsFoundInOldRecordsToo() throws Exception {
    open();
    SchemaSettings oneColumn = new SchemaSettings(1, 128, 1);
    for (int n = 0; n < 12; n++) {
      stream.putAll(0, "k" + n % 4, DAY, List.of("{\"n\":" + n + ",\"who\":\"w" + n % 4 + "\"}"));
    }
    archiver.commit("orders", stream, Integer.MAX_VALUE, oneColumn, List.of());
    stream.putAll(0, "k1", DAY, List.of("{\"n\":100,\"who\":\"w1\"}"));
    archive();
    LastPerKey byWho = new LastPerKey("who", Optional.empty(), Optional.of("n = 8"), true);
    RecordSelection selection = RecordSelection.ALL.lastPer(byWho);
    try (RecordScan scan =
        engine.scan(ScanRequest.of("orders").select(selection).computing(List.of("n")))) {
      assertThat(rows(scan).stream().map(row -> row.values().get(0).orElseThrow()))
          .containsExactly("10", "11", "100");
      assertThat(scan.compaction()).contains(new Compaction(13, 4, 0, 1, 1));
    }
  }

  @Test
  void nothingSelectedHasNoKeys() throws Exception {
    open();
    stream.putAll(0, "a", DAY, List.of("{\"n\":1}"));
    archive();
    RecordSelection none = RecordSelection.ALL.where("n = 2").lastPer(LastPerKey.partitionKey());
    try (RecordScan scan = engine.scan(ScanRequest.of("orders").select(none))) {
      assertThat(rows(scan)).isEmpty();
      assertThat(scan.compaction()).contains(new Compaction(0, 0, 0, 0, 0));
    }
  }

  private static LastPerKey ordered(String key) {
    return new LastPerKey(key, Optional.of("n"), Optional.empty(), false);
  }

  private long count(LastPerKey last) {
    ScanRequest request = ScanRequest.of("orders").select(RecordSelection.ALL.lastPer(last));
    try (RecordScan scan = engine.scan(request)) {
      return scan.totals().records();
    }
  }

  private void open() {
    reservoir = Reservoir.open(folder.resolve("reservoir").toString(), AwsAccess.DEFAULT);
    archiver = new TestArchiver(reservoir, folder.resolve("encoded"));
    openEngine(new MemoryStream("orders", 2, 10_000));
  }

  private void openEngine(MemoryStream now) {
    if (engine != null) {
      engine.close();
    }
    stream = now;
    engine =
        QueryEngine.open(
            reservoir,
            StreamSources.of(Map.of("orders", now)),
            SqlSettings.DEFAULTS,
            Water.LIVE,
            folder.resolve("cache"));
  }

  /** Two lives of the stream, with splits and merges in several commits, and a live rest. */
  private void history(Random random) throws Exception {
    open();
    for (int round = 0; round < 4; round++) {
      put(random, 25);
      if (round % 2 == 0) {
        archive();
      }
      reshard(random);
    }
    stream.end();
    archive();
    shards.addAll(stream.allShards());
    openEngine(new MemoryStream("orders", Instant.parse("2026-02-01T00:00:00Z"), 2, 10_000));
    put(random, 25);
    archive();
    reshard(random);
    put(random, 10);
  }

  private void reshard(Random random) {
    int shard = stream.owner(random.nextInt(200));
    int other = stream.owner(random.nextInt(200));
    if (shard != other && adjacent(shard, other)) {
      stream.merge(shard, other);
    } else {
      stream.split(shard);
    }
  }

  private boolean adjacent(int lower, int upper) {
    return stream
        .allShards()
        .get(lower)
        .hashRange()
        .last()
        .add(java.math.BigInteger.ONE)
        .equals(stream.allShards().get(upper).hashRange().first());
  }

  private void put(Random random, int count) {
    for (int i = 0; i < count; i++) {
      int who = random.nextInt(KEYS);
      Instant arrival = DAY.plus(Duration.ofHours(random.nextInt(30)));
      List<String> payloads = new ArrayList<>();
      for (int sub = random.nextInt(4) == 0 ? 12 : 1; sub > 0; sub--) {
        payloads.add("{\"n\":" + records++ + ",\"amount\":" + random.nextInt(9) + "}");
      }
      stream.putAll(stream.owner(who * 11L), "key-" + who, arrival, payloads);
    }
  }

  /** Until the children of children are archived too. */
  private void archive() throws Exception {
    for (int i = 0; i < 3; i++) {
      archiver.archiveAll("orders", stream);
    }
  }

  private void compactFiles() {
    InstantSource later = () -> Instant.now().plus(Duration.ofDays(2));
    try (LocalMaintenance maintenance = new LocalMaintenance(reservoir, later)) {
      assertThat(
              maintenance
                  .run(
                      "orders",
                      PayloadFormat.JSON,
                      MaintenanceOptions.of(MaintenanceSettings.DEFAULTS))
                  .compactedFiles())
          .isGreaterThan(1);
    }
  }

  private static List<ScannedRecord> rows(RecordScan scan) {
    List<ScannedRecord> rows = new ArrayList<>();
    scan.rows(Optional.empty()).forEachRemaining(rows::add);
    return rows;
  }

  private static List<String> texts(List<ScannedRecord> rows) {
    return rows.stream()
        .map(
            row ->
                row.record()
                    + " "
                    + row.record().partitionKey()
                    + " "
                    + new String(row.record().payload(), UTF_8)
                    + " "
                    + row.values().get(0))
        .toList();
  }
}
