package io.watershed.archive;

import static io.watershed.archive.ArchiveFixture.FAST;
import static io.watershed.archive.ArchiveFixture.STREAM;
import static io.watershed.archive.ArchiveFixture.await;
import static io.watershed.archive.ArchiveFixture.outcome;
import static io.watershed.archive.ArchiveFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.ForwardingSource;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamSource;
import io.watershed.localkinesis.Hostility;
import io.watershed.localkinesis.LocalKinesisSettings;
import io.watershed.localkinesis.TrimmedPosition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Shards that come and go, positions that are trimmed, streams that are made again. */
final class LineageTest {
  private static final int ALL_REQUESTS = 1_000;

  @TempDir Path folder;
  private ArchiveFixture fixture;

  private ArchiveFixture open(UnaryOperator<LocalKinesisSettings> endpoint) {
    fixture = new ArchiveFixture(folder, endpoint);
    return fixture;
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private void split(String shardId) {
    var shard =
        fixture.client().listShards(b -> b.streamName(STREAM)).join().shards().stream()
            .filter(s -> s.shardId().equals(shardId))
            .findFirst()
            .orElseThrow();
    var first = new java.math.BigInteger(shard.hashKeyRange().startingHashKey());
    var last = new java.math.BigInteger(shard.hashKeyRange().endingHashKey());
    String middle = first.add(last).divide(java.math.BigInteger.TWO).toString();
    fixture
        .client()
        .splitShard(b -> b.streamName(STREAM).shardToSplit(shardId).newStartingHashKey(middle))
        .join();
  }

  private void merge(String shardId, String adjacent) {
    fixture
        .client()
        .mergeShards(b -> b.streamName(STREAM).shardToMerge(shardId).adjacentShardToMerge(adjacent))
        .join();
  }

  private List<ShardCheckpoint> ended() {
    return fixture.state().checkpoints().values().stream().filter(c -> c.after().isEnd()).toList();
  }

  @Test
  void splitsAndMergesInMidRunLoseAndDoubleNothing() {
    open(s -> s).createStream(2);
    StreamArchiver archiver = fixture.archiver();
    CompletableFuture<StreamOutcome> running = archiver.start(ArchiveMode.CONTINUOUS);
    fixture.put(0, 100);
    split("shardId-000000000000");
    fixture.put(100, 200);
    split("shardId-000000000001");
    fixture.put(200, 300);
    merge("shardId-000000000003", "shardId-000000000004");
    fixture.put(300, 400);
    await("everything", () -> archiver.status().records() == 400);
    await("the parents' ends", () -> ended().size() == 4);
    archiver.stop();
    StreamOutcome outcome = outcome(running);
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.gaps()).isEmpty();
    assertThat(fixture.numbers()).isEqualTo(range(0, 400));
    assertThat(fixture.state().checkpoints()).hasSize(7);
  }

  @Test
  void onceFollowsTheLineageToItsYoungestShards() {
    open(s -> s).createStream(1);
    fixture.put(0, 50);
    split("shardId-000000000000");
    fixture.put(50, 100);
    merge("shardId-000000000001", "shardId-000000000002");
    fixture.put(100, 150);
    StreamOutcome outcome = fixture.once();
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.gaps()).isEmpty();
    assertThat(outcome.records()).isEqualTo(150);
    assertThat(ended()).hasSize(3);
    assertThat(fixture.numbers()).isEqualTo(range(0, 150));
  }

  @Test
  void aShardThatTheListingNamesLateIsNoGap() {
    open(s -> s.withHostility(Hostility.NONE.withListingDelay(Duration.ofSeconds(30))));
    fixture.createStream(1);
    fixture.put(0, 50);
    fixture.clock.forward(Duration.ofMinutes(1));
    split("shardId-000000000000");
    fixture.put(50, 100);
    StreamOutcome first = fixture.once();
    assertThat(first.gaps()).isEmpty();
    assertThat(first.records()).isEqualTo(100);
    fixture.put(100, 120);
    StreamOutcome second = fixture.once();
    assertThat(second.gaps()).isEmpty();
    assertThat(second.exitCode()).isZero();
    assertThat(fixture.numbers()).isEqualTo(range(0, 120));
  }

  @ParameterizedTest
  @EnumSource(TrimmedPosition.class)
  void aTrimmedRangeIsAGapAndTheArchiverGoesOn(TrimmedPosition behaviour) {
    open(s -> s.withHostility(Hostility.NONE.withTrimmedPosition(behaviour))).createStream(1);
    fixture.put(0, 50);
    fixture.once();
    fixture.put(50, 100);
    fixture.clock.forward(Duration.ofHours(30));
    fixture.kinesis.expire(STREAM, fixture.clock.instant().minus(Duration.ofHours(24)));
    fixture.put(100, 150);
    StreamOutcome outcome = fixture.once();
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.gaps()).hasSize(1);
    assertThat(outcome.gaps().get(0).reason()).isEqualTo("trimmed");
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(fixture.state().gaps()).isEqualTo(outcome.gaps());
    List<Integer> expected = new java.util.ArrayList<>(range(0, 50));
    expected.addAll(range(100, 150));
    assertThat(fixture.numbers()).isEqualTo(expected);
    assertThat(fixture.once().gaps()).isEmpty();
  }

  @Test
  void anIdleShardIsNoGapHoweverLongItWasIdleWhileItWasRead() {
    open(s -> s).createStream(1);
    fixture.put(0, 50);
    fixture.once();
    for (int i = 0; i < 4; i++) {
      fixture.clock.forward(Duration.ofHours(10));
      assertThat(fixture.once().exitCode()).isZero();
    }
    fixture.put(50, 60);
    assertThat(fixture.once().gaps()).isEmpty();
    assertThat(fixture.numbers()).isEqualTo(range(0, 60));
  }

  @Test
  void aShardThatVanishedWithItsRecordsIsAGapAndItsChildrenAreRead() {
    open(s -> s).createStream(1);
    fixture.put(0, 50);
    fixture.once();
    fixture.put(50, 70);
    split("shardId-000000000000");
    fixture.clock.forward(Duration.ofHours(60));
    fixture.kinesis.expire(STREAM, fixture.clock.instant().minus(Duration.ofHours(24)));
    fixture.put(70, 90);
    StreamOutcome outcome = fixture.once();
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.gaps().stream().map(Gap::reason)).contains("shard-vanished");
    List<Integer> expected = new java.util.ArrayList<>(range(0, 50));
    expected.addAll(range(70, 90));
    assertThat(fixture.numbers()).isEqualTo(expected);
    assertThat(ended()).hasSize(1);
  }

  @Test
  void aStreamThatIsCreatedAgainIsAnotherIncarnation() {
    open(s -> s).createStream(1);
    fixture.put(0, 50);
    fixture.once();
    fixture.streams.deleteStream(STREAM).join();
    fixture.clock.forward(Duration.ofSeconds(10));
    fixture.createStream(2);
    fixture.put(50, 90);
    StreamOutcome outcome = fixture.once();
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.gaps().stream().map(Gap::reason)).containsExactly("shard-vanished");
    assertThat(fixture.numbers()).isEqualTo(range(0, 90));
    assertThat(fixture.state().incarnations()).hasSize(2);
    assertThat(fixture.state().checkpoints()).hasSize(3);
    assertThat(fixture.once().exitCode()).isZero();
  }

  @Test
  void aStreamThatIsCreatedAgainInMidRunIsFollowed() {
    open(s -> s).createStream(1);
    Semaphore requests = new Semaphore(ALL_REQUESTS);
    StreamArchiver archiver =
        fixture.archiver(
            ArchiveFixture.FAST, () -> new HaltedSource(fixture.streams.source(STREAM), requests));
    CompletableFuture<StreamOutcome> running = archiver.start(ArchiveMode.CONTINUOUS);
    fixture.put(0, 50);
    await("the first life", () -> archiver.status().records() == 50);
    fixture.clock.forward(Duration.ofSeconds(10));
    // An archiver that asks in between would be right to end.
    requests.acquireUninterruptibly(ALL_REQUESTS);
    fixture.streams.deleteStream(STREAM).join();
    fixture.createStream(2);
    requests.release(ALL_REQUESTS);
    fixture.put(50, 90);
    await("the second life", () -> archiver.status().records() == 90 || running.isDone());
    archiver.stop();
    StreamOutcome outcome = outcome(running);
    assertThat(outcome.failure()).isEmpty();
    assertThat(fixture.numbers()).isEqualTo(range(0, 90));
    assertThat(fixture.state().incarnations()).hasSize(2);
  }

  /** Begins a request only while it gets a permit, and gives it back when it has the answer. */
  private static final class HaltedSource extends ForwardingSource {
    private final StreamSource source;
    private final Semaphore requests;

    HaltedSource(StreamSource source, Semaphore requests) {
      super(source);
      this.source = source;
      this.requests = requests;
    }

    private <T> CompletableFuture<T> ask(Supplier<CompletableFuture<T>> request) {
      requests.acquireUninterruptibly();
      return request.get().whenComplete((answer, failure) -> requests.release());
    }

    @Override
    public CompletableFuture<StreamDescription> describe() {
      return ask(super::describe);
    }

    @Override
    public CompletableFuture<List<Shard>> listShards() {
      return ask(super::listShards);
    }

    @Override
    public CompletableFuture<String> iterator(String shardId, StartingPoint startingPoint) {
      return ask(() -> super.iterator(shardId, startingPoint));
    }

    @Override
    public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
      return ask(() -> super.read(shardId, iterator, maxRecords));
    }

    @Override
    public void close() {
      source.close();
    }
  }

  @Test
  void aStreamThatIsDeletedInMidRunIsAnErrorAfterWhatWasReadIsCommitted() {
    open(s -> s).createStream(1);
    StreamArchiver archiver =
        fixture.archiver(FAST.withCommitInterval(Duration.ofHours(1)), f -> f);
    CompletableFuture<StreamOutcome> running = archiver.start(ArchiveMode.CONTINUOUS);
    fixture.put(0, 50);
    await(
        "the records in memory",
        () ->
            archiver.status().shards().stream().mapToLong(ShardStatus::bufferedRecords).sum()
                == 50);
    fixture.streams.deleteStream(STREAM).join();
    StreamOutcome outcome = outcome(running);
    assertThat(outcome.failure().orElseThrow().code()).isEqualTo(ErrorCode.STREAM_NOT_FOUND);
    assertThat(fixture.numbers()).isEqualTo(range(0, 50));
  }

  @Test
  void aHostileEndpointChangesNothing() {
    open(s -> s.withHostility(Hostility.everything(11))).createStream(2);
    StreamArchiver archiver = fixture.archiver();
    CompletableFuture<StreamOutcome> running = archiver.start(ArchiveMode.CONTINUOUS);
    fixture.put(0, 200);
    await("all of it", () -> archiver.status().records() == 200 || running.isDone());
    archiver.stop();
    assertThat(outcome(running).failure()).isEmpty();
    assertThat(fixture.numbers()).isEqualTo(range(0, 200));
  }
}
