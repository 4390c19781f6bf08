package io.watershed.archive;

import static io.watershed.archive.ArchiveFixture.FAST;
import static io.watershed.archive.ArchiveFixture.STREAM;
import static io.watershed.archive.ArchiveFixture.await;
import static io.watershed.archive.ArchiveFixture.outcome;
import static io.watershed.archive.ArchiveFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.localkinesis.Hostility;
import io.watershed.localkinesis.LocalKinesisSettings;
import io.watershed.reservoir.table.TableState;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;

/** Streams that are resharded again and again while they are written and archived. */
final class ReshardingTest {
  @TempDir Path folder;
  private ArchiveFixture fixture;
  private final AtomicInteger put = new AtomicInteger();
  private final List<TableState> seen = new ArrayList<>();
  private long lastCommits;
  private volatile boolean enough;

  private void open(int shards, UnaryOperator<LocalKinesisSettings> endpoint) {
    fixture = new ArchiveFixture(folder, endpoint);
    fixture.createStream(shards);
  }

  @AfterEach
  void stop() {
    enough = true;
    fixture.close();
  }

  @Test
  void doublingAndHalvingUnderLoadLosesAndDoublesNothingAndKeepsTheOrder() {
    open(2, s -> s);
    // The end of a shard names its children: nothing here waits for a listing.
    StreamArchiver archiver =
        fixture.archiver(FAST.withListInterval(Duration.ofHours(1)), files -> files);
    CompletableFuture<StreamOutcome> running = archiver.start(ArchiveMode.CONTINUOUS);
    CompletableFuture<Void> load = startLoad();
    for (int target : new int[] {4, 8, 4, 1, 2}) {
      scaleTo(target);
      awaitSome(archiver, target);
    }
    finish(archiver, running, load);
  }

  @Test
  void splitsAndMergesUnderLoadLoseAndDoubleNothingAndKeepTheOrder() {
    open(1, s -> s);
    StreamArchiver archiver = fixture.archiver();
    CompletableFuture<StreamOutcome> running = archiver.start(ArchiveMode.CONTINUOUS);
    CompletableFuture<Void> load = startLoad();
    for (int round = 0; round < 2; round++) {
      List<Shard> before = openShards();
      split(before.get(0));
      awaitSome(archiver, before.size() + 1);
      List<Shard> after = openShards();
      split(after.get(after.size() - 1));
      List<Shard> now = openShards();
      merge(now.get(0), now.get(1));
      awaitSome(archiver, after.size());
    }
    finish(archiver, running, load);
  }

  @Test
  void aHostileStreamThatIsReshardedAndAnArchiverThatCrashesLoseNothing() {
    open(2, s -> s.withHostility(Hostility.everything(5)));
    CompletableFuture<Void> load = startLoad();
    StreamArchiver archiver = fixture.archiver();
    CompletableFuture<StreamOutcome> running = archiver.start(ArchiveMode.CONTINUOUS);
    for (int target : new int[] {4, 2, 3}) {
      scaleTo(target);
      awaitSome(archiver, 1);
      archiver.abandon();
      archiver = fixture.archiver();
      running = archiver.start(ArchiveMode.CONTINUOUS);
    }
    finish(archiver, running, load);
  }

  // ---- load

  private CompletableFuture<Void> startLoad() {
    return CompletableFuture.runAsync(
        () -> {
          while (!enough) {
            int from = put.get();
            fixture.put(from, from + 10);
            put.addAndGet(10);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
          }
        });
  }

  /** The archiver reads this many shards, and has archived what was put until now. */
  private void awaitSome(StreamArchiver archiver, int shards) {
    int until = put.get();
    lastCommits = 0;
    await(
        shards + " shards and " + until + " records",
        () -> {
          StreamStatus status = archiver.status();
          if (status.commits() == lastCommits) {
            return false;
          }
          lastCommits = status.commits();
          TableState state = fixture.state();
          seen.add(state);
          long reading =
              status.shards().stream()
                  .filter(shard -> shard.state() == ShardStatus.State.READING)
                  .count();
          return reading >= shards && rows(state) >= until;
        });
  }

  private static long rows(TableState state) {
    return state.checkpoints().values().stream().mapToLong(ShardCheckpoint::rows).sum();
  }

  private void finish(
      StreamArchiver archiver,
      CompletableFuture<StreamOutcome> running,
      CompletableFuture<?> load) {
    enough = true;
    load.join();
    await(
        "everything", () -> rows(fixture.state()) == put.get() && closedShards() == endedShards());
    archiver.stop();
    StreamOutcome outcome = outcome(running);
    assertThat(outcome.failure()).isEmpty();
    assertThat(fixture.state().gaps()).isEmpty();
    assertThat(fixture.numbers()).isEqualTo(range(0, put.get()));
    assertOrderOfKeys();
    assertParentsFirst();
  }

  private long closedShards() {
    return allShards().size() - openShards().size();
  }

  private long endedShards() {
    return fixture.state().checkpoints().values().stream().filter(c -> c.after().isEnd()).count();
  }

  /** Along the lineage, parents first, each key's records are in the order in which they came. */
  private void assertOrderOfKeys() {
    Map<String, Integer> place = new HashMap<>();
    Lineage.of(fixture.state().checkpoints().values().stream().map(c -> c.shard()).toList())
        .shards()
        .forEach(shard -> place.put(shard.key().shardId(), place.size()));
    Map<String, Integer> last = new HashMap<>();
    fixture.rows().stream()
        .sorted(
            Comparator.comparing((ArchiveFixture.Row row) -> place.get(row.shard()))
                .thenComparing(ArchiveFixture.Row::sequence))
        .forEach(
            row -> {
              int number = Integer.parseInt(row.payload().replaceAll("^\\{\"n\":(\\d+),.*$", "$1"));
              Integer before = last.put(row.key(), number);
              assertThat(before == null ? -1 : before).as(row.key()).isLessThan(number);
            });
  }

  /** No state of the table held a record of a child while records of a parent were missing. */
  private void assertParentsFirst() {
    Map<ShardKey, ShardCheckpoint> end = fixture.state().checkpoints();
    for (TableState state : seen) {
      for (ShardCheckpoint child : state.checkpoints().values()) {
        for (String parent : child.rows() == 0 ? List.<String>of() : child.shard().parents()) {
          ShardKey key = new ShardKey(child.key().incarnation(), parent);
          assertThat(state.checkpoints().get(key).rows()).isEqualTo(end.get(key).rows());
        }
      }
    }
  }

  // ---- resharding

  private void scaleTo(int shards) {
    again(
        () ->
            fixture
                .client()
                .updateShardCount(
                    b ->
                        b.streamName(STREAM)
                            .targetShardCount(shards)
                            .scalingType(ScalingType.UNIFORM_SCALING))
                .join());
  }

  private void split(Shard shard) {
    BigInteger sum = shard.hashRange().first().add(shard.hashRange().last());
    fixture
        .client()
        .splitShard(
            b ->
                b.streamName(STREAM)
                    .shardToSplit(shard.key().shardId())
                    .newStartingHashKey(sum.shiftRight(1).toString()))
        .join();
  }

  private void merge(Shard shard, Shard adjacent) {
    fixture
        .client()
        .mergeShards(
            b ->
                b.streamName(STREAM)
                    .shardToMerge(shard.key().shardId())
                    .adjacentShardToMerge(adjacent.key().shardId()))
        .join();
  }

  /** A hostile service refuses or loses some requests. */
  private static void again(Runnable request) {
    for (int attempt = 0; ; attempt++) {
      try {
        request.run();
        return;
      } catch (java.util.concurrent.CompletionException e) {
        if (attempt == 20 || !(e.getCause() instanceof KinesisException)) {
          throw e;
        }
      }
    }
  }

  private List<Shard> allShards() {
    return shards(ShardFilterType.FROM_TRIM_HORIZON);
  }

  /** By hash range. */
  private List<Shard> openShards() {
    return shards(ShardFilterType.AT_LATEST);
  }

  private List<Shard> shards(ShardFilterType filter) {
    List<Shard> found = new ArrayList<>();
    again(
        () -> {
          found.clear();
          fixture
              .client()
              .listShards(b -> b.streamName(STREAM).shardFilter(f -> f.type(filter)))
              .join()
              .shards()
              .forEach(
                  shard ->
                      found.add(
                          new Shard(
                              new ShardKey("i", shard.shardId()),
                              List.of(),
                              new Shard.HashRange(
                                  new BigInteger(shard.hashKeyRange().startingHashKey()),
                                  new BigInteger(shard.hashKeyRange().endingHashKey())))));
        });
    found.sort(Comparator.comparing(shard -> shard.hashRange().first()));
    return found;
  }
}
