package io.watershed.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.RetrySettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.time.VirtualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PacedShardReaderTest {
  private static final int MAX_TIMERS = 100_000;

  private final VirtualScheduler scheduler =
      new VirtualScheduler(Instant.parse("2026-01-01T00:00:00Z"));

  @Test
  void everyRecordComesOnceAndInOrderWhateverExpiresThrottlesOrFails() {
    for (long seed = 0; seed < 500; seed++) {
      VirtualScheduler time = new VirtualScheduler(Instant.EPOCH);
      Random random = new Random(seed);
      FakeStream stream = new FakeStream(time, seed);
      stream.faults = random.nextDouble() * 0.5;
      stream.emptyReads = random.nextDouble() * 0.5;
      stream.put(random.nextInt(30));
      ShardReader reader = open(stream, new StartingPoint.TrimHorizon(), time);
      List<StreamRecord> read = new ArrayList<>();
      boolean end = false;
      for (int round = 0; !end; round++) {
        ReadBatch batch = next(reader, time);
        read.addAll(batch.records());
        end = batch.endsShard();
        if (!stream.closed && random.nextInt(3) == 0) {
          stream.put(random.nextInt(12));
        }
        if (random.nextInt(15) == 0) {
          time.advance(Duration.ofMinutes(6)); // the iterator expires meanwhile
        }
        stream.closed = round > 30;
      }
      assertThat(read).as("seed %d", seed).isEqualTo(stream.records);
    }
  }

  @Test
  void anExpiredIteratorIsRenewedAfterTheLastRecordRead() {
    FakeStream stream = new FakeStream(scheduler, 1);
    stream.put(3);
    ShardReader reader = open(stream, new StartingPoint.TrimHorizon(), scheduler);
    List<StreamRecord> read = new ArrayList<>();
    while (read.size() < 3) {
      read.addAll(next(reader, scheduler).records());
    }
    stream.put(1);
    scheduler.advance(Duration.ofMinutes(10));
    read.addAll(next(reader, scheduler).records());
    assertThat(read).isEqualTo(stream.records);
    assertThat(stream.iteratorsAsked)
        .containsExactly(
            new StartingPoint.TrimHorizon(),
            new StartingPoint.After(stream.position(2).sequenceNumber()));
  }

  @Test
  void aReaderAtLatestSkipsNothingWhenItsFirstIteratorExpires() {
    FakeStream stream = new FakeStream(scheduler, 1);
    stream.put(2);
    scheduler.advance(Duration.ofHours(1));
    ShardReader reader = open(stream, new StartingPoint.Latest(), scheduler);
    assertThat(next(reader, scheduler).records()).isEmpty();
    stream.put(1);
    scheduler.advance(Duration.ofMinutes(6));
    assertThat(next(reader, scheduler).records()).containsExactly(stream.records.get(2));
  }

  @Test
  void readsKeepTheirPaceAndIdleReadsBecomeRarer() {
    FakeStream stream = new FakeStream(scheduler, 1);
    stream.put(200);
    ShardReader reader = open(stream, new StartingPoint.TrimHorizon(), scheduler);
    int read = 0;
    while (read < 200) {
      read += next(reader, scheduler).records().size();
    }
    for (int i = 0; i < 6; i++) {
      next(reader, scheduler);
    }
    List<Long> waits = new ArrayList<>();
    for (int i = 1; i < stream.readNanos.size(); i++) {
      waits.add((stream.readNanos.get(i) - stream.readNanos.get(i - 1)) / 1_000_000);
    }
    assertThat(waits).allMatch(wait -> wait >= 230); // 4 a second, network delay aside
    assertThat(waits.get(waits.size() - 1)).isBetween(960L, 1_040L);
  }

  @Test
  void aServiceThatNeverRecoversIsGivenUpWithinTheBoundAndTheReaderCanGoOn() {
    FakeStream stream = new FakeStream(scheduler, 1);
    stream.put(1);
    stream.faults = 1;
    ShardReadSettings settings =
        ShardReadSettings.DEFAULTS.withRetry(
            new RetrySettings(
                6, Duration.ofMinutes(1), Duration.ofMillis(10), Duration.ofSeconds(1)));
    ShardReader reader =
        ShardReader.open(
            stream,
            FakeStream.SHARD_ID,
            new StartingPoint.TrimHorizon(),
            settings,
            scheduler,
            new Random(1));
    CompletableFuture<ReadBatch> read = reader.next();
    assertThat(scheduler.runUntil(read::isDone, MAX_TIMERS)).isTrue();
    assertThatThrownBy(() -> StreamFailure.join(read)).hasMessageContaining("after 6 attempts");
    assertThat(stream.iteratorsAsked).hasSize(6);
    stream.faults = 0;
    assertThat(next(reader, scheduler).records()).hasSize(1);
  }

  @Test
  void timeIsABoundToo() {
    FakeStream stream = new FakeStream(scheduler, 1);
    stream.faults = 1;
    CompletableFuture<ReadBatch> read =
        open(stream, new StartingPoint.TrimHorizon(), scheduler).next();
    long start = scheduler.nanoTime();
    assertThat(scheduler.runUntil(read::isDone, MAX_TIMERS)).isTrue();
    assertThat(read).isCompletedExceptionally();
    assertThat(Duration.ofNanos(scheduler.nanoTime() - start)).isLessThan(Duration.ofMinutes(6));
  }

  @Test
  void aRefusedPositionIsNotTriedAgain() {
    FakeStream stream = new FakeStream(scheduler, 1);
    stream.put(1);
    scheduler.advance(Duration.ofHours(25));
    CompletableFuture<ReadBatch> read =
        open(stream, new StartingPoint.After(stream.position(0).sequenceNumber()), scheduler)
            .next();
    assertThat(scheduler.runUntil(read::isDone, MAX_TIMERS)).isTrue();
    assertThatThrownBy(() -> StreamFailure.join(read))
        .hasFieldOrPropertyWithValue("code", ErrorCode.POSITION_LOST);
    assertThat(stream.iteratorsAsked).hasSize(1);
  }

  @Test
  void afterTheEndOfTheShardNothingMayBeAsked() {
    FakeStream stream = new FakeStream(scheduler, 1);
    stream.closed = true;
    ShardReader reader = open(stream, new StartingPoint.TrimHorizon(), scheduler);
    assertThat(next(reader, scheduler).endsShard()).isTrue();
    assertThatThrownBy(reader::next).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void afterAThrottleTheBytesOfAnAnswerSetThePace() {
    ReadPace pace = new ReadPace(ShardReadSettings.DEFAULTS);
    ReadBatch large =
        new ReadBatch(
            List.of(
                new StreamRecord(
                    FakeStream.SHARD,
                    io.watershed.core.record.ShardPosition.of(
                        io.watershed.core.record.SequenceNumber.parse("1")),
                    "k",
                    Instant.EPOCH,
                    new byte[4_000_000])),
            java.util.Optional.of("i"),
            1_000,
            List.of());
    pace.reading(0);
    pace.answered(large);
    assertThat(pace.delay(0)).isEqualTo(Duration.ofMillis(250));
    pace.throttled(0);
    pace.reading(250_000_000);
    pace.answered(large);
    assertThat(pace.delay(250_000_000)).isEqualTo(Duration.ofSeconds(2));
  }

  private static ShardReader open(FakeStream stream, StartingPoint point, VirtualScheduler time) {
    return ShardReader.open(
        stream, FakeStream.SHARD_ID, point, ShardReadSettings.DEFAULTS, time, new Random(7));
  }

  private static ReadBatch next(ShardReader reader, VirtualScheduler time) {
    CompletableFuture<ReadBatch> read = reader.next();
    assertThat(time.runUntil(read::isDone, MAX_TIMERS)).isTrue();
    return read.join();
  }
}
