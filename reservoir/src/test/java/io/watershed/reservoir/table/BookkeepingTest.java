package io.watershed.reservoir.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Shard;
import io.watershed.reservoir.store.DiskStore;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BookkeepingTest {
  private static final Instant TIME = Instant.parse("2026-11-23T01:02:03.456789Z");
  @TempDir Path folder;

  @Test
  void everythingSurvivesItsText() {
    Incarnation again =
        new Incarnation(TestRecords.ORDERS.arn(), TestRecords.ORDERS.createdAt().plusSeconds(9));
    ShardPosition aggregated = new ShardPosition(TestRecords.position(3).sequenceNumber(), 17);
    List<ShardCheckpoint> checkpoints =
        List.of(
            ShardCheckpoint.start(TestRecords.shard(0)),
            checkpoint(TestRecords.shard(1), new After.At(aggregated), Optional.of(TIME)),
            checkpoint(TestRecords.shard(2), new After.End(Optional.empty()), Optional.empty()),
            checkpoint(
                TestRecords.shard(3),
                new After.End(Optional.of(TestRecords.position(5))),
                Optional.of(TIME)),
            ShardCheckpoint.start(
                new Shard(
                    new ShardKey(again.id(), "shardId-000000000000"),
                    List.of("shardId-000000000001", "shardId-000000000002"),
                    TestRecords.shard(0).hashRange())));
    List<Gap> gaps =
        List.of(
            new Gap(
                TestRecords.shard(1).key(),
                "START",
                Optional.empty(),
                Optional.of(TIME),
                "trimmed",
                TIME),
            new Gap(
                TestRecords.shard(0).key(),
                "49.2",
                Optional.of(TIME),
                Optional.empty(),
                "two words",
                TIME));
    TreeMap<ShardKey, ShardCheckpoint> byKey = new TreeMap<>();
    checkpoints.forEach(c -> byKey.put(c.key(), c));
    Bookkeeping books = new Bookkeeping(41, List.of(TestRecords.ORDERS, again), byKey, gaps);

    assertThat(BookkeepingProperties.read(BookkeepingProperties.write(books, Optional.empty())))
        .isEqualTo(books);
  }

  @Test
  void aCheckpointOfAThousandShardsStaysCompact() {
    TreeMap<ShardKey, ShardCheckpoint> byKey = new TreeMap<>();
    for (int i = 0; i < 1000; i++) {
      Shard shard = TestRecords.shard(i);
      byKey.put(
          shard.key(), checkpoint(shard, new After.At(TestRecords.position(i)), Optional.of(TIME)));
    }
    int bytes =
        BookkeepingProperties.write(
                new Bookkeeping(1, List.of(TestRecords.ORDERS), byKey, List.of()), Optional.empty())
            .entrySet()
            .stream()
            .mapToInt(e -> e.getKey().length() + e.getValue().length())
            .sum();
    assertThat(bytes).isLessThan(300_000);
  }

  @Test
  void shardsThatEndedAndOldGapsMoveToTheLineageObjectAndAreStillThere() {
    ReservoirSettings small =
        new ReservoirSettings(
            1,
            Duration.ofSeconds(1),
            3,
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            1 << 24,
            100,
            20,
            4,
            6,
            Duration.ofHours(24));
    DiskStore store = new DiskStore(folder);
    TestTables.created(store);
    ArchiveTable table = TestTables.table(store, small);
    TableState state = table.load();
    List<Gap> gaps = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Shard shard = TestRecords.shard(i);
      Instant done = TIME.plusSeconds(i);
      Gap gap = new Gap(shard.key(), "START", Optional.empty(), Optional.empty(), "trimmed", done);
      gaps.add(gap);
      state =
          table.commit(
              state,
              new ArchiveCommit(
                  TestRecords.ORDERS,
                  List.of(),
                  List.of(
                      new ShardCheckpoint(
                          shard,
                          new After.End(Optional.empty()),
                          Optional.of(done),
                          0,
                          0,
                          RecordDigest.ZERO),
                      ShardCheckpoint.start(TestRecords.shard(i + 1))),
                  List.of(gap)));
    }

    assertThat(state.gaps()).isEqualTo(gaps);
    assertThat(state.checkpoints()).hasSize(21);
    assertThat(TestTables.table(store).load()).as("read by somebody else").isEqualTo(state);
    Map<String, String> properties =
        TestTables.versions(store).read(state.metadataVersion()).orElseThrow().properties();
    assertThat(properties.keySet().stream().filter(k -> k.startsWith("watershed.shard.")))
        .hasSizeLessThanOrEqualTo(5);
    assertThat(properties.keySet().stream().filter(k -> k.startsWith("watershed.gap.")))
        .hasSizeLessThanOrEqualTo(6);
    assertThat(properties)
        .containsKey("watershed.shard.1." + TestRecords.shard(20).key().shardId());

    String lineage = "orders/metadata/" + properties.get("watershed.lineage");
    store.put(
        lineage, "watershed.format=1\nwatershed.generation=0\n".getBytes(StandardCharsets.UTF_8));
    assertCode(() -> TestTables.table(store).load());
    store.delete(lineage);
    assertCode(() -> TestTables.table(store).load());
  }

  @Test
  void propertiesThatAnotherToolBrokeAreNamed() {
    Map<String, String> good =
        BookkeepingProperties.write(
            new Bookkeeping(
                1,
                List.of(TestRecords.ORDERS),
                new TreeMap<>(
                    Map.of(
                        TestRecords.shard(0).key(), ShardCheckpoint.start(TestRecords.shard(0)))),
                List.of()),
            Optional.empty());
    String shard = "watershed.shard.1." + TestRecords.shard(0).key().shardId();
    for (Map.Entry<String, String> broken :
        List.of(
            Map.entry("watershed.format", "2"),
            Map.entry("watershed.generation", "x"),
            Map.entry(shard, "AT:12"),
            Map.entry(shard, "NOW - 0 0 00000000000000000000000000000000 0:f -"),
            Map.entry("watershed.shard.7.shardId-000000000000", good.get(shard)),
            Map.entry("watershed.shard.x", good.get(shard)),
            Map.entry("watershed.incarnation.1", "yesterday arn"))) {
      Map<String, String> properties = new HashMap<>(good);
      properties.put(broken.getKey(), broken.getValue());
      assertCode(() -> BookkeepingProperties.read(properties));
    }
    assertCode(() -> BookkeepingProperties.read(Map.of()));
  }

  @Test
  void sumsSurviveTheirJsonAndNewerOnesAreRefused() {
    FileSums sums =
        new FileSums(
            List.of(
                new ShardSums(
                    TestRecords.shard(0).key(),
                    Optional.empty(),
                    TestRecords.position(9),
                    3,
                    1,
                    new RecordDigest(-1, 5)),
                new ShardSums(
                    TestRecords.shard(1).key(),
                    Optional.of(new ShardPosition(TestRecords.position(1).sequenceNumber(), 4)),
                    TestRecords.position(2),
                    1,
                    0,
                    RecordDigest.ZERO)),
            List.of("$.a[\"\u00e9\"]", "$.b"));
    assertThat(FileSums.parse(sums.toJson())).isEqualTo(sums);
    assertThat(sums.toJson()).matches("[ -~]+").doesNotContain("sorted");
    FileSums unsorted = new FileSums(sums.shards(), sums.unlistedPaths(), false);
    assertThat(FileSums.parse(unsorted.toJson())).isEqualTo(unsorted);
    assertThat(FileSums.parse(sums.toJson().replace("\"version\":1", "\"version\":1,\"later\":{}")))
        .isEqualTo(sums);
    for (String bad :
        List.of(
            sums.toJson().replace("\"version\":1", "\"version\":2"),
            sums.toJson().replaceFirst("\"through\":\"\\d", "\"through\":\"!"),
            "",
            "[]",
            "{\"version\":1}",
            "{")) {
      assertCode(() -> FileSums.parse(bad));
    }
  }

  private static ShardCheckpoint checkpoint(Shard shard, After after, Optional<Instant> complete) {
    return new ShardCheckpoint(shard, after, complete, 12, 3, new RecordDigest(7, -9));
  }

  private static void assertCode(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTEGRITY));
  }
}
