package io.watershed.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.aggregate.AggregateWriter;
import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.time.VirtualScheduler;
import io.watershed.kinesis.FakeStream.Trimmed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResumingShardReaderTest {
  private static final int MAX_TIMERS = 100_000;
  private static final Duration DAY = Duration.ofHours(24);
  private static final Optional<Instant> UNKNOWN = Optional.empty();

  private final VirtualScheduler scheduler =
      new VirtualScheduler(Instant.parse("2026-01-01T00:00:00Z"));
  private final FakeStream stream = new FakeStream(scheduler, 1);

  @Test
  void theFirstStartReadsEverythingAndIsNoGap() {
    stream.put(5);
    scheduler.advance(Duration.ofHours(30)); // all trimmed before anybody came
    stream.put(3);
    ResumingShardReader reader = open(new After.Start(), UNKNOWN, UNKNOWN);
    assertThat(reader.gap()).isEmpty();
    assertThat(readToTip(reader)).isEqualTo(stream.records.subList(5, 8));
  }

  @Test
  void whenTheCheckpointsOwnRecordComesBackNothingIsMissing() {
    stream.put(10);
    ResumingShardReader reader = open(at(3), UNKNOWN, UNKNOWN);
    assertThat(reader.gap()).isEmpty();
    assertThat(readToTip(reader)).isEqualTo(stream.records.subList(4, 10));
    assertThat(stream.iteratorsAsked)
        .containsExactly(new StartingPoint.At(stream.position(3).sequenceNumber()));
  }

  /**
   * It was archived wholly, perhaps when the stream was configured to be taken apart less finely:
   * what is in it must not be archived again.
   */
  @Test
  void aCheckpointCoversAllOfAnAggregatedRecord() {
    AggregateWriter writer = new AggregateWriter();
    for (byte i = 0; i < 4; i++) {
      writer.add("key-" + i, new byte[] {i});
    }
    stream.put(3);
    StreamRecord outer = stream.records.get(1);
    stream.records.set(
        1,
        new StreamRecord(
            outer.shard(), outer.position(), "outer", outer.arrivalTime(), writer.toBytes()));

    assertThat(readToTip(open(new After.Start(), UNKNOWN, UNKNOWN)))
        .extracting(r -> r.position().subSequenceNumber() + " " + r.partitionKey())
        .containsExactly("0 key", "0 key-0", "1 key-1", "2 key-2", "3 key-3", "0 key");
    for (int sub = 0; sub < 4; sub++) {
      ShardPosition last = new ShardPosition(outer.position().sequenceNumber(), sub);
      assertThat(readToTip(open(new After.At(last), UNKNOWN, UNKNOWN)))
          .containsExactly(stream.records.get(2));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasTrimmedUnreadIsAGapHoweverTheServiceAnswers(Trimmed behaviour) {
    stream.trimmed = behaviour;
    stream.put(5);
    Instant complete = scheduler.instant();
    scheduler.advance(Duration.ofHours(2));
    stream.put(5); // never read
    scheduler.advance(Duration.ofHours(23));
    stream.put(2);
    scheduler.advance(Duration.ofHours(2)); // the first ten are trimmed
    ResumingShardReader reader = open(at(4), Optional.of(complete), arrival(4));
    Gap gap = reader.gap().orElseThrow();
    assertThat(gap.from()).contains(complete);
    assertThat(gap.until().orElseThrow())
        .isBetween(scheduler.instant().minus(DAY), scheduler.instant());
    assertThat(gap.afterPosition()).isEqualTo(stream.position(4).text());
    assertThat(gap.reason()).isEqualTo("trimmed");
    assertThat(gap.detectedAt()).isBeforeOrEqualTo(scheduler.instant());
    assertThat(readToTip(reader)).isEqualTo(stream.records.subList(10, 12));
  }

  @ParameterizedTest
  @EnumSource
  void anIdleShardWhoseCheckpointWasTrimmedIsNoGap(Trimmed behaviour) {
    stream.trimmed = behaviour;
    stream.put(5);
    scheduler.advance(Duration.ofHours(40));
    Instant complete = scheduler.instant(); // it was read at its tip all the time
    scheduler.advance(Duration.ofHours(1));
    ResumingShardReader reader = open(at(4), Optional.of(complete), arrival(4));
    assertThat(reader.gap()).isEmpty();
    assertThat(readToTip(reader)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void anIdleShardThatWokeUpWhileNobodyReadIsNoGapEither(Trimmed behaviour) {
    stream.trimmed = behaviour;
    stream.put(5);
    scheduler.advance(Duration.ofHours(40));
    Instant complete = scheduler.instant();
    scheduler.advance(Duration.ofHours(1));
    stream.put(3);
    ResumingShardReader reader = open(at(4), Optional.of(complete), arrival(4));
    assertThat(reader.gap()).isEmpty();
    assertThat(readToTip(reader)).isEqualTo(stream.records.subList(5, 8));
  }

  @Test
  void anEmptyShardThatGotItsFirstRecordsWhileNobodyReadIsNoGap() {
    Instant complete = scheduler.instant();
    scheduler.advance(Duration.ofHours(3));
    stream.put(3);
    ResumingShardReader reader = open(new After.Start(), Optional.of(complete), UNKNOWN);
    assertThat(reader.gap()).isEmpty();
    assertThat(readToTip(reader)).hasSize(3);
  }

  @Test
  void anEmptyShardThatWasLeftAloneForLongerThanTheRetentionIsAPossibleGap() {
    Instant complete = scheduler.instant();
    scheduler.advance(Duration.ofHours(26));
    Gap gap = open(new After.Start(), Optional.of(complete), UNKNOWN).gap().orElseThrow();
    assertThat(gap.afterPosition()).isEqualTo("START");
    assertThat(gap.from()).contains(complete);
  }

  @ParameterizedTest
  @EnumSource
  void recordsThatWereTrimmedEarlyAreAGap(Trimmed behaviour) {
    stream.trimmed = behaviour;
    stream.put(5);
    Instant complete = scheduler.instant();
    scheduler.advance(Duration.ofSeconds(2));
    stream.put(5);
    stream.trimmedEarly = 7; // the retention was shortened for a moment
    assertThat(open(at(4), Optional.of(complete), arrival(4)).gap()).isPresent();
    assertThat(open(at(4), Optional.of(complete), UNKNOWN).gap()).isPresent();
    stream.trimmedEarly = 10; // nothing is left at all
    assertThat(open(at(4), Optional.of(complete), arrival(4)).gap()).isPresent();
  }

  @Test
  void aTrimmedCheckpointThatNeverSawTheTipIsAGap() {
    stream.put(5);
    scheduler.advance(Duration.ofHours(25));
    stream.put(1);
    Gap gap = open(at(4), UNKNOWN, arrival(4)).gap().orElseThrow();
    assertThat(gap.from()).isEmpty();
  }

  @Test
  void emptyReadsBeforeTheTipAreBelievedOnlySoOften() {
    stream.put(5);
    Instant complete = scheduler.instant();
    scheduler.advance(Duration.ofHours(25));
    stream.trimmed = Trimmed.EMPTY_BEHIND;
    open(at(4), Optional.of(complete), arrival(4));
    assertThat(stream.readNanos.size())
        .isLessThanOrEqualTo(ShardReadSettings.DEFAULTS.maxEmptyReads() + 1);
  }

  @Test
  void aCheckpointWithoutAnAnswerBehindEmptyReadsIsFoundFromTheHorizon() {
    stream.put(10);
    stream.emptyReads = 1;
    CompletableFuture<ResumingShardReader> opening = opening(at(5), UNKNOWN, UNKNOWN);
    scheduler.runUntil(() -> stream.readNanos.size() > 30, MAX_TIMERS);
    stream.emptyReads = 0;
    assertThat(scheduler.runUntil(opening::isDone, MAX_TIMERS)).isTrue();
    assertThat(opening.join().gap()).isEmpty();
    assertThat(readToTip(opening.join())).isEqualTo(stream.records.subList(6, 10));
  }

  @ParameterizedTest
  @EnumSource
  void aReaderThatSleepsLongerThanTheRetentionNoticesWhenItWakes(Trimmed behaviour) {
    stream.trimmed = behaviour;
    stream.put(5);
    ResumingShardReader reader = open(new After.Start(), UNKNOWN, UNKNOWN);
    assertThat(readToTip(reader)).hasSize(5);
    scheduler.advance(Duration.ofHours(1));
    stream.put(5);
    scheduler.advance(Duration.ofHours(25));
    stream.put(2);
    List<Optional<Gap>> gaps = new ArrayList<>();
    List<StreamRecord> read = readToTip(reader, gaps);
    assertThat(read).isEqualTo(stream.records.subList(10, 12));
    assertThat(gaps.stream().flatMap(Optional::stream)).hasSize(1);
    assertThat(gaps.get(0)).as("before the records that follow it").isPresent();
  }

  @Test
  void aReaderThatSleepsPastItsIteratorMissesNothing() {
    stream.put(5);
    ResumingShardReader reader = open(new After.Start(), UNKNOWN, UNKNOWN);
    readToTip(reader);
    stream.put(4);
    scheduler.advance(Duration.ofHours(3));
    List<Optional<Gap>> gaps = new ArrayList<>();
    assertThat(readToTip(reader, gaps)).isEqualTo(stream.records.subList(5, 9));
    assertThat(gaps).allMatch(Optional::isEmpty);
  }

  @Test
  void aFailedProofIsMadeAgainBeforeAnythingIsRead() {
    stream.trimmed = Trimmed.HEAD_OF_STREAM;
    stream.put(5);
    ResumingShardReader reader = open(new After.Start(), UNKNOWN, UNKNOWN);
    readToTip(reader);
    stream.put(5);
    scheduler.advance(Duration.ofMinutes(6)); // the iterator expires
    stream.trimmedEarly = 8;
    stream.noIterators = true;
    CompletableFuture<ReadBatch> failed = reader.next();
    assertThat(scheduler.runUntil(failed::isDone, MAX_TIMERS)).isTrue();
    assertThat(failed).isCompletedExceptionally();
    stream.noIterators = false;
    List<Optional<Gap>> gaps = new ArrayList<>();
    assertThat(readToTip(reader, gaps)).isEqualTo(stream.records.subList(8, 10));
    assertThat(gaps.stream().flatMap(Optional::stream)).hasSize(1);
  }

  @Test
  void aReaderThatIsTooSlowNoticesWhenTheHorizonOvertakesIt() {
    ResumingShardReader reader = open(new After.Start(), UNKNOWN, UNKNOWN);
    int nextIndex = 0;
    for (Optional<Gap> gap = Optional.empty(); gap.isEmpty(); ) {
      stream.put(20);
      scheduler.advance(Duration.ofMinutes(4)); // the iterator lives on
      boolean lost = stream.oldest() > nextIndex;
      boolean lastReadIsTrimmed = stream.oldest() >= nextIndex;
      CompletableFuture<ReadBatch> next = reader.next();
      assertThat(scheduler.runUntil(next::isDone, MAX_TIMERS)).isTrue();
      gap = next.join().gapBefore();
      assertThat(gap.isPresent() || !lost).as("no silent loss").isTrue();
      assertThat(gap.isEmpty() || lastReadIsTrimmed).as("no false alarm").isTrue();
      nextIndex += next.join().records().size();
    }
  }

  @Test
  void anAnswerThatIsLateIsNotBelievedWhereTheHorizonPassedMeanwhile() {
    stream.retention = Duration.ofMinutes(4);
    ShardReadSettings precise =
        new ShardReadSettings(
            4,
            10_000,
            Duration.ofMillis(250),
            Duration.ofSeconds(1),
            25,
            Duration.ofSeconds(1),
            ShardReadSettings.DEFAULTS.retry());
    CompletableFuture<ResumingShardReader> opening =
        ResumingShardReader.open(
            stream,
            FakeStream.SHARD,
            new After.Start(),
            UNKNOWN,
            UNKNOWN,
            stream.retention,
            precise,
            scheduler,
            new Random(5));
    assertThat(scheduler.runUntil(opening::isDone, MAX_TIMERS)).isTrue();
    ResumingShardReader reader = opening.join();
    stream.put(3);
    readToTip(reader);
    scheduler.advance(Duration.ofSeconds(10));
    stream.put(5); // nobody reads these
    scheduler.advance(Duration.ofMinutes(2));
    stream.put(2);
    stream.nextReadTakes = Duration.ofSeconds(150); // the iterator lives on

    List<Optional<Gap>> gaps = new ArrayList<>();
    assertThat(readToTip(reader, gaps)).isEqualTo(stream.records.subList(8, 10));
    assertThat(gaps.stream().flatMap(Optional::stream)).hasSize(1);
    assertThat(gaps.get(0)).as("before the records that follow it").isPresent();
  }

  @Test
  void aFinishedShardIsNotResumed() {
    assertThatThrownBy(() -> open(new After.End(Optional.empty()), UNKNOWN, UNKNOWN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /**
   * A reader that stops and resumes from its checkpoint over days of puts, pauses and trimming, on
   * a hostile service: never a record twice or out of order, never a silent loss, and no false
   * alarm when everything up to the horizon was read.
   */
  @Test
  void noLossIsSilentAndNoAlarmFalseOverDaysOfStopsAndTrims() {
    int losses = 0;
    int quiet = 0;
    for (long seed = 0; seed < 800; seed++) {
      Life life = new Life(seed);
      for (int day = 0; day < 6; day++) {
        life.live(seed);
      }
      losses += life.losses;
      quiet += life.quietResumes;
    }
    assertThat(losses).as("losses seen").isGreaterThan(150);
    assertThat(quiet).as("trimmed checkpoints without a loss").isGreaterThan(150);
  }

  private static final class Life {
    final Random random;
    final VirtualScheduler time = new VirtualScheduler(Instant.parse("2026-01-01T00:00:00Z"));
    final FakeStream stream;
    After after = new After.Start();
    Optional<Instant> complete = Optional.empty();
    Optional<Instant> lastArrival = Optional.empty();
    int nextIndex;
    boolean started;
    int losses;
    int quietResumes;

    Life(long seed) {
      random = new Random(seed);
      stream = new FakeStream(time, seed);
      stream.trimmed = Trimmed.values()[random.nextInt(Trimmed.values().length)];
      stream.faults = random.nextInt(3) == 0 ? 0.3 : 0;
      stream.emptyReads = random.nextInt(3) == 0 ? 0.4 : 0;
    }

    void live(long seed) {
      ResumingShardReader reader = resume(seed);
      int rounds = random.nextInt(12);
      for (int i = 0; i < rounds; i++) {
        Instant asked = time.instant();
        int oldest = stream.oldest();
        ReadBatch batch = next(reader);
        check(seed, batch, batch.gapBefore(), oldest);
        remember(batch, asked);
        if (random.nextInt(3) == 0) {
          stream.put(random.nextInt(8));
        }
        if (random.nextInt(4) == 0) {
          time.advance(Duration.ofMinutes(random.nextInt(600)));
        }
      }
      if (random.nextBoolean()) {
        for (int i = random.nextInt(5); i > 0; i--) {
          time.advance(Duration.ofMinutes(random.nextInt(700)));
          stream.put(random.nextInt(4));
        }
      }
    }

    private ResumingShardReader resume(long seed) {
      boolean trimmedCheckpoint =
          after.lastPosition().isPresent() && nextIndex - 1 < stream.oldest();
      boolean recent =
          complete
              .filter(
                  t ->
                      t.isAfter(
                          time.instant()
                              .minus(DAY)
                              .plus(ShardReadSettings.DEFAULTS.clockSlack())
                              .plusSeconds(600)))
              .isPresent();
      int oldest = stream.oldest();
      CompletableFuture<ResumingShardReader> opening =
          ResumingShardReader.open(
              stream,
              FakeStream.SHARD,
              after,
              complete,
              lastArrival,
              DAY,
              ShardReadSettings.DEFAULTS,
              time,
              new Random(seed));
      assertThat(time.runUntil(opening::isDone, MAX_TIMERS)).isTrue();
      ResumingShardReader reader = opening.join();
      if (started) {
        checkLoss(seed, reader.gap(), oldest);
      }
      if (recent) {
        assertThat(reader.gap()).as("seed %d: a false alarm", seed).isEmpty();
        quietResumes += trimmedCheckpoint ? 1 : 0;
      }
      skipTrimmed(reader.gap(), oldest);
      return reader;
    }

    private void check(long seed, ReadBatch batch, Optional<Gap> gap, int oldest) {
      checkLoss(seed, gap, oldest);
      skipTrimmed(gap, oldest);
      for (StreamRecord record : batch.records()) {
        int index = stream.records.indexOf(record);
        if (started && gap.isEmpty()) {
          assertThat(index).as("seed %d: the next record", seed).isEqualTo(nextIndex);
        } else {
          assertThat(index)
              .as("seed %d: not an earlier record", seed)
              .isGreaterThanOrEqualTo(nextIndex);
        }
        nextIndex = index + 1;
        started = true;
        gap = Optional.empty();
      }
    }

    private void checkLoss(long seed, Optional<Gap> gap, int oldest) {
      if (started && oldest > nextIndex) {
        losses++;
        assertThat(gap).as("seed %d: a silent loss", seed).isPresent();
      }
    }

    private void skipTrimmed(Optional<Gap> gap, int oldest) {
      if (!started || gap.isPresent()) {
        nextIndex = Math.max(nextIndex, oldest);
      }
    }

    private void remember(ReadBatch batch, Instant asked) {
      if (!batch.records().isEmpty()) {
        StreamRecord last = batch.records().get(batch.records().size() - 1);
        after = new After.At(last.position());
        lastArrival = Optional.of(last.arrivalTime());
      }
      if (batch.atTip()) {
        complete = Optional.of(asked);
        started = true;
      }
    }

    private ReadBatch next(ShardReader reader) {
      CompletableFuture<ReadBatch> read = reader.next();
      assertThat(time.runUntil(read::isDone, MAX_TIMERS)).isTrue();
      return read.join();
    }
  }

  private After at(int index) {
    return new After.At(stream.position(index));
  }

  private Optional<Instant> arrival(int index) {
    return Optional.of(stream.records.get(index).arrivalTime());
  }

  private CompletableFuture<ResumingShardReader> opening(
      After after, Optional<Instant> complete, Optional<Instant> lastArrival) {
    return ResumingShardReader.open(
        stream,
        FakeStream.SHARD,
        after,
        complete,
        lastArrival,
        DAY,
        ShardReadSettings.DEFAULTS,
        scheduler,
        new Random(5));
  }

  private ResumingShardReader open(
      After after, Optional<Instant> complete, Optional<Instant> lastArrival) {
    CompletableFuture<ResumingShardReader> opening = opening(after, complete, lastArrival);
    assertThat(scheduler.runUntil(opening::isDone, MAX_TIMERS)).isTrue();
    return opening.join();
  }

  private List<StreamRecord> readToTip(ShardReader reader) {
    return readToTip(reader, new ArrayList<>());
  }

  private List<StreamRecord> readToTip(ShardReader reader, List<Optional<Gap>> gaps) {
    List<StreamRecord> read = new ArrayList<>();
    while (true) {
      CompletableFuture<ReadBatch> next = reader.next();
      assertThat(scheduler.runUntil(next::isDone, MAX_TIMERS)).isTrue();
      gaps.add(next.join().gapBefore());
      read.addAll(next.join().records());
      if (next.join().atTip()) {
        return read;
      }
    }
  }
}
