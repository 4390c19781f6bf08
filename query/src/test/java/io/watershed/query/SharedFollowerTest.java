package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.ForwardingSource;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.SharedSource;
import io.watershed.kinesis.StreamSource;
import io.watershed.query.follow.FollowOutcome;
import io.watershed.query.follow.FollowOutcome.Ending;
import io.watershed.query.follow.FollowRequest;
import io.watershed.query.follow.FollowSink;
import io.watershed.query.follow.FollowStart;
import io.watershed.query.follow.Follower;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same as of one follower, of those who share their reads; and that they do. */
class SharedFollowerTest extends FollowerTest {
  private static final int FOLLOWERS = 20;

  @BeforeAll
  static void share() {
    sharing = true;
  }

  @AfterAll
  static void doNotShare() {
    sharing = false;
  }

  /** How often each shard was read. */
  private static final class Calls extends ForwardingSource {
    final Map<String, AtomicLong> reads = new ConcurrentHashMap<>();

    Calls(StreamSource source) {
      super(source);
    }

    @Override
    public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
      reads.computeIfAbsent(shardId, id -> new AtomicLong()).incrementAndGet();
      return super.read(shardId, iterator, maxRecords);
    }
  }

  /** What one follower got. */
  private static final class Got implements FollowSink {
    final List<StreamRecord> records = new ArrayList<>();
    final CountDownLatch first = new CountDownLatch(1);

    @Override
    public synchronized void record(StreamRecord record) {
      records.add(record);
      first.countDown();
    }

    @Override
    public void pause() {}

    @Override
    public void gap(Gap gap) {
      throw new AssertionError(gap);
    }

    @Override
    public void notice(String sentence) {}
  }

  @Test
  void manyFollowersReadAShardAtThePaceOfOneAndEachGetsEveryRecordInOrder(@TempDir Path folder)
      throws Exception {
    try (Water water = new Water(folder, "many")) {
      water.putOrders("many", 1, 40);
      water.archive("many");
      Calls calls = new Calls(water.source("many"));
      long start = System.nanoTime();
      LiveReadSettings live =
          new LiveReadSettings(
              100_000, 64L << 20, Duration.ofSeconds(20), Duration.ofMillis(50), 10_000, 3);
      try (Follower follower =
          Follower.open(
              water.engine,
              water.reservoir,
              StreamSources.of(
                  Map.of(
                      "many",
                      new SharedSource(
                          calls, live.minCallInterval(), () -> 1L << 20, water.timers))),
              SqlSettings.DEFAULTS,
              live,
              Duration.ofSeconds(20),
              folder.resolve("follow"))) {
        List<Got> all = new ArrayList<>();
        List<CompletableFuture<FollowOutcome>> running = new ArrayList<>();
        for (int i = 0; i < FOLLOWERS; i++) {
          Got got = new Got();
          all.add(got);
          running.add(
              CompletableFuture.supplyAsync(
                  () ->
                      follower.follow(
                          FollowRequest.of("many", new FollowStart.Earliest()).limit(400),
                          got,
                          new StatementControl()),
                  task -> new Thread(task).start()));
        }
        for (int first = 41; first <= 400; first += 10) {
          water.putOrders("many", first, first + 9);
          all.get(first % FOLLOWERS).first.await();
        }
        for (int i = 0; i < FOLLOWERS; i++) {
          assertThat(running.get(i).get().ending()).isEqualTo(Ending.LIMIT);
          assertEachOnceInOrder(all.get(i).records);
        }
      }
      long most = Duration.ofNanos(System.nanoTime() - start).toMillis() / 50 + 2;
      assertThat(calls.reads.values()).hasSize(2).allMatch(reads -> reads.get() <= most);
    }
  }

  private static void assertEachOnceInOrder(List<StreamRecord> records) {
    assertThat(records).hasSize(400);
    Map<String, ShardPosition> last = new HashMap<>();
    for (StreamRecord record : records) {
      ShardPosition before = last.put(record.shard().shardId(), record.position());
      assertThat(before == null || before.compareTo(record.position()) < 0).isTrue();
    }
  }
}
