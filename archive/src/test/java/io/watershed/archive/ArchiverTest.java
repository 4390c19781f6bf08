package io.watershed.archive;

import static io.watershed.archive.ArchiveFixture.FAST;
import static io.watershed.archive.ArchiveFixture.STREAM;
import static io.watershed.archive.ArchiveFixture.await;
import static io.watershed.archive.ArchiveFixture.outcome;
import static io.watershed.archive.ArchiveFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.CommitPlan.DayFile;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.NewDataFile;
import io.watershed.reservoir.table.TableState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One archiver on a good day: what goes in comes out once, and nothing else happens. */
final class ArchiverTest {
  @TempDir Path folder;
  private ArchiveFixture fixture;

  @BeforeEach
  void start() {
    fixture = new ArchiveFixture(folder);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void onceDrainsEveryShardToTheTipAndExits() {
    fixture.createStream(3);
    fixture.put(0, 500);
    StreamOutcome outcome = fixture.once();
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.records()).isEqualTo(500);
    assertThat(fixture.numbers()).isEqualTo(range(0, 500));
    assertThat(fixture.state().checkpoints()).hasSize(3);
    assertThat(
            fixture.state().checkpoints().values().stream().mapToLong(ShardCheckpoint::rows).sum())
        .isEqualTo(500);
  }

  @Test
  void onceAgainArchivesOnlyWhatIsNew() {
    fixture.createStream(2);
    fixture.put(0, 100);
    fixture.once();
    long generation = fixture.state().generation();
    StreamOutcome idle = fixture.once();
    assertThat(idle.records()).isZero();
    assertThat(idle.commits()).isZero();
    assertThat(fixture.state().generation()).isEqualTo(generation);
    fixture.put(100, 150);
    assertThat(fixture.once().records()).isEqualTo(50);
    assertThat(fixture.numbers()).isEqualTo(range(0, 150));
  }

  @Test
  void runsUntilItIsStoppedAndStopCommitsWhatWasRead() {
    fixture.createStream(2);
    fixture.put(0, 50);
    StreamArchiver archiver =
        fixture.archiver(FAST.withCommitInterval(Duration.ofHours(1)), f -> f);
    CompletableFuture<StreamOutcome> running = archiver.start(ArchiveMode.CONTINUOUS);
    await(
        "all 50 in memory",
        () ->
            archiver.status().shards().stream().mapToLong(ShardStatus::bufferedRecords).sum()
                == 50);
    assertThat(fixture.rows()).isEmpty();
    archiver.stop();
    assertThat(outcome(running).records()).isEqualTo(50);
    assertThat(fixture.numbers()).isEqualTo(range(0, 50));
  }

  @Test
  void commitsByIntervalAndBySize() {
    fixture.createStream(1);
    StreamArchiver archiver = fixture.archiver();
    CompletableFuture<StreamOutcome> running = archiver.start(ArchiveMode.CONTINUOUS);
    fixture.put(0, 10);
    await("a commit by interval", () -> archiver.status().records() == 10);
    archiver.stop();
    outcome(running);

    StreamArchiver bySize =
        fixture.archiver(
            FAST.withCommitInterval(Duration.ofHours(1)).withCommitBytes(2_000), f -> f);
    running = bySize.start(ArchiveMode.CONTINUOUS);
    fixture.put(10, 60);
    await("a commit by size", () -> bySize.status().records() > 0);
    bySize.stop();
    outcome(running);
    assertThat(fixture.numbers()).isEqualTo(range(0, 60));
  }

  @Test
  void aQuietStreamMakesNoCommitsExceptAnEighthOfTheRetentionLater() {
    fixture.createStream(1);
    fixture.put(0, 5);
    StreamArchiver archiver = fixture.archiver();
    CompletableFuture<StreamOutcome> running = archiver.start(ArchiveMode.CONTINUOUS);
    await("the records", () -> archiver.status().records() == 5);
    long generation = fixture.state().generation();
    var before = fixture.state().checkpoints().values().iterator().next().completeThrough();
    await(
        "some reads at the tip",
        () ->
            archiver
                .status()
                .shards()
                .get(0)
                .completeThrough()
                .orElseThrow()
                .isAfter(before.orElseThrow().plusMillis(300)));
    assertThat(fixture.state().generation()).isEqualTo(generation);

    fixture.clock.forward(Duration.ofHours(3));
    await("the heartbeat", () -> fixture.state().generation() > generation);
    var after = fixture.state().checkpoints().values().iterator().next().completeThrough();
    assertThat(after.orElseThrow()).isAfter(before.orElseThrow().plus(Duration.ofMinutes(179)));
    archiver.stop();
    outcome(running);
  }

  @Test
  void eachUtcDayOfACommitHasAFileOfItsOwn() {
    fixture.createStream(1);
    Instant midnight =
        fixture.clock.instant().truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
    fixture.clock.forward(Duration.between(fixture.clock.instant(), midnight.minusSeconds(60)));
    fixture.put(0, 20);
    fixture.clock.forward(Duration.ofSeconds(90));
    fixture.put(20, 40);
    StreamOutcome outcome =
        outcome(
            fixture
                .archiver(FAST.withCommitInterval(Duration.ofHours(1)), f -> f)
                .start(ArchiveMode.ONCE));
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.commits()).isEqualTo(1);
    assertThat(fixture.numbers()).isEqualTo(range(0, 40));
    assertThat(fixture.files()).hasSize(2);
    assertThat(fixture.files().stream().map(DataFileInfo::rows)).containsExactly(20L, 20L);
  }

  @Test
  void anUnknownStreamIsAClearError() {
    StreamOutcome outcome = fixture.once();
    assertThat(outcome.failure().orElseThrow().code()).isEqualTo(ErrorCode.STREAM_NOT_FOUND);
    assertThat(outcome.failure().orElseThrow().getMessage()).contains(STREAM);
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  @Test
  void readsNoMoreThanFitsAndStillArchivesEverything() {
    fixture.createStream(4);
    byte[] payload = new byte[20_000];
    java.util.Arrays.fill(payload, (byte) 'x');
    for (int i = 0; i < 400; i++) {
      fixture.put("key-" + i, payload);
    }
    StreamOutcome outcome =
        outcome(
            fixture.archiver(FAST.withBuffers(1 << 20, 1 << 20), f -> f).start(ArchiveMode.ONCE));
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.records()).isEqualTo(400);
    assertThat(fixture.rows()).hasSize(400);
  }

  private static final class BrokenFiles implements CommitFiles {
    @Override
    public <T> T write(
        ArchiveTable table,
        TableState base,
        Collection<DayFile> days,
        BiFunction<TableState, List<NewDataFile>, T> use) {
      throw new OutOfMemoryError("made up");
    }
  }

  @Test
  void anErrorInACommitEndsTheRunInsteadOfLettingItWaitForEver() {
    fixture.createStream(2);
    fixture.put(0, 100);
    StreamOutcome outcome =
        outcome(fixture.archiver(FAST, files -> new BrokenFiles()).start(ArchiveMode.ONCE));
    assertThat(outcome.failure().orElseThrow().code()).isEqualTo(ErrorCode.INTERNAL);
    assertThat(outcome.failure().get()).hasMessageContaining("OutOfMemoryError");
    // The next run reads it again.
    assertThat(fixture.once().records()).isEqualTo(100);
  }

  @Test
  void aStreamThatIsNotThereLeavesNoTableBehind() {
    StreamOutcome outcome = fixture.once();
    assertThat(outcome.failure().orElseThrow().code()).isEqualTo(ErrorCode.STREAM_NOT_FOUND);
    assertThat(fixture.reservoir.find(STREAM)).isEmpty();
  }

  @Test
  void aStopDoesNotWaitForAReadThatHangs() {
    fixture.createStream(2);
    fixture.put(0, 100);
    AtomicBoolean hang = new AtomicBoolean();
    StreamArchiver archiver =
        fixture.archiver(
            FAST.withCommitInterval(Duration.ofHours(1)),
            () -> new HangingSource(fixture.streams.source(STREAM), hang::get));
    CompletableFuture<StreamOutcome> running = archiver.start(ArchiveMode.CONTINUOUS);
    await(
        "the records in memory",
        () ->
            archiver.status().shards().stream().mapToLong(ShardStatus::bufferedRecords).sum()
                == 100);
    hang.set(true);
    archiver.stop();
    assertThat(outcome(running).failure()).isEmpty();
    assertThat(fixture.numbers()).isEqualTo(range(0, 100));
  }

  /** Reads that never end, when told. */
  private record HangingSource(StreamSource real, BooleanSupplier hang) implements StreamSource {
    @Override
    public CompletableFuture<StreamDescription> describe() {
      return real.describe();
    }

    @Override
    public CompletableFuture<List<Shard>> listShards() {
      return real.listShards();
    }

    @Override
    public CompletableFuture<String> iterator(String shardId, StartingPoint startingPoint) {
      return real.iterator(shardId, startingPoint);
    }

    @Override
    public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
      return hang.getAsBoolean()
          ? new CompletableFuture<>()
          : real.read(shardId, iterator, maxRecords);
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
