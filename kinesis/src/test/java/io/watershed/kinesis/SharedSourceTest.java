package io.watershed.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.checkpoint.After;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.time.VirtualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many readers of one shard through one source, in virtual time. */
class SharedSourceTest {
  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final ShardReadSettings SETTINGS =
      LiveReadSettings.DEFAULTS.shardReads(10_000, Duration.ofHours(1));
  private static final long PLENTY = 1L << 30;

  private final VirtualScheduler scheduler =
      new VirtualScheduler(Instant.parse("2026-01-01T00:00:00Z"));
  private FakeStream stream = new FakeStream(scheduler, 1);
  private final List<Long> callNanos = new ArrayList<>();
  private SharedSource shared = shared(PLENTY);

  private void open(long seed, long most) {
    stream = new FakeStream(scheduler, seed);
    callNanos.clear();
    shared = shared(most);
  }

  private SharedSource shared(long most) {
    return new SharedSource(
        new ForwardingSource(stream) {
          @Override
          public CompletableFuture<ReadBatch> read(String shardId, String iterator, int max) {
            callNanos.add(scheduler.nanoTime());
            return super.read(shardId, iterator, max);
          }
        },
        INTERVAL,
        () -> most,
        scheduler);
  }

  /** Reads until the shard ends; what it got, by index of the record. */
  private final class Reader {
    final List<Integer> got = new ArrayList<>();
    final List<Boolean> atTip = new ArrayList<>();
    boolean ended;

    Reader from(StartingPoint point, long seed) {
      next(
          ShardReader.open(
              shared, FakeStream.SHARD_ID, point, SETTINGS, scheduler, new Random(seed)));
      return this;
    }

    Reader after(int index, long seed) {
      return after(shared, index, seed);
    }

    Reader after(StreamSource source, int index, long seed) {
      ResumingShardReader.open(
              source,
              FakeStream.SHARD,
              new After.At(stream.position(index)),
              Optional.of(scheduler.instant()),
              Optional.empty(),
              Duration.ofHours(24),
              SETTINGS,
              scheduler,
              new Random(seed))
          .thenAccept(
              reader -> {
                assertThat(reader.gap()).isEmpty();
                next(reader);
              });
      return this;
    }

    private void next(ShardReader reader) {
      var unused =
          reader
              .next()
              .thenAccept(
                  batch -> {
                    batch.records().forEach(record -> got.add(index(record)));
                    atTip.add(batch.atTip());
                    assertThat(batch.gapBefore()).isEmpty();
                    if (batch.endsShard()) {
                      ended = true;
                    } else {
                      next(reader);
                    }
                  });
    }

    void assertEverythingFrom(int first) {
      assertThat(got).isEqualTo(IntStream.range(first, stream.records.size()).boxed().toList());
    }
  }

  /** A source of somebody who feeds the shared one. */
  private StreamSource feeder() {
    StreamSource feeder = shared.fedBy(new ForwardingSource(stream) {});
    assertThat(shared.describe().join()).isNotNull();
    assertThat(feeder.describe().join()).isNotNull();
    return feeder;
  }

  private <T> T answer(CompletableFuture<T> coming) {
    scheduler.runUntil(coming::isDone, 100);
    return coming.join();
  }

  private static int index(StreamRecord record) {
    return (int) ((Long.parseLong(record.position().sequenceNumber().decimal()) - 1_000L) / 7L);
  }

  private static SequenceNumber number(StreamRecord record) {
    return record.position().sequenceNumber();
  }

  private void assertPaced() {
    for (int i = 1; i < callNanos.size(); i++) {
      assertThat(callNanos.get(i) - callNanos.get(i - 1))
          .isGreaterThanOrEqualTo(INTERVAL.toNanos());
    }
  }

  @Test
  void manyReadersAtTheTipCostTheCallsOfOne() {
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      readers.add(new Reader().from(new StartingPoint.Latest(), i));
      scheduler.advance(Duration.ofMillis(7));
    }
    int first = 0;
    for (int second = 0; second < 20; second++) {
      stream.put(3);
      scheduler.advance(Duration.ofSeconds(1));
    }
    assertThat(callNanos.size()).isLessThanOrEqualTo(42);
    assertThat(stream.iteratorsAsked).hasSize(1);
    assertPaced();
    for (Reader reader : readers) {
      reader.assertEverythingFrom(first);
    }
  }

  @Test
  void readersOfAnIdleShardShareItHoweverTheyBegan() {
    stream.put(20);
    scheduler.advance(Duration.ofMinutes(10));
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      readers.add(
          new Reader()
              .from(
                  i % 2 == 0
                      ? new StartingPoint.Latest()
                      : new StartingPoint.AtTimestamp(scheduler.instant()),
                  i));
    }
    // Each that began by a time needs an answer of its own to know that it is at the tip.
    scheduler.advance(Duration.ofSeconds(20));
    int before = callNanos.size();
    stream.put(1);
    scheduler.advance(Duration.ofMillis(1_100));
    for (Reader reader : readers) {
      reader.assertEverythingFrom(20);
    }
    assertThat(callNanos.size() - before).isLessThanOrEqualTo(3);
    assertPaced();
  }

  @Test
  void whoComesToAPlaceThatIsKeptAsksNobody() {
    stream.put(5);
    Reader first = new Reader().from(new StartingPoint.TrimHorizon(), 1);
    scheduler.advance(Duration.ofSeconds(5));
    first.assertEverythingFrom(0);
    int iterators = stream.iteratorsAsked.size();
    Reader second = new Reader().after(2, 2);
    scheduler.advance(Duration.ofSeconds(2));
    second.assertEverythingFrom(3);
    assertThat(stream.iteratorsAsked).hasSize(iterators);
  }

  /** What came after it may have been trimmed by then, and nobody would say so. */
  @Test
  void whatIsKeptVouchesForNothingOnceItIsOld() {
    stream.put(5);
    CompletableFuture<String> iterator =
        shared.iterator(FakeStream.SHARD_ID, new StartingPoint.TrimHorizon());
    scheduler.advance(Duration.ofSeconds(1));
    int got = 0;
    while (got < 5) {
      CompletableFuture<ReadBatch> batch = shared.read(FakeStream.SHARD_ID, iterator.join(), 100);
      scheduler.advance(Duration.ofSeconds(1));
      got += batch.join().records().size();
      iterator = CompletableFuture.completedFuture(batch.join().nextIterator().orElseThrow());
    }
    StartingPoint place = new StartingPoint.After(stream.position(2).sequenceNumber());
    int asked = stream.iteratorsAsked.size();

    scheduler.advance(Duration.ofHours(11));
    var early = shared.iterator(FakeStream.SHARD_ID, place);
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(early).isCompleted();
    assertThat(stream.iteratorsAsked).hasSize(asked);

    scheduler.advance(Duration.ofHours(2));
    var late = shared.iterator(FakeStream.SHARD_ID, place);
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(late).isCompleted();
    assertThat(stream.iteratorsAsked).hasSize(asked + 1);
  }

  @Test
  void whatWasReadForAnotherIsNeverSaidToBeTheTip() {
    Reader first = new Reader().from(new StartingPoint.Latest(), 1);
    scheduler.advance(Duration.ofMillis(250));
    Reader second = new Reader().from(new StartingPoint.Latest(), 2);
    stream.put(1);
    scheduler.advance(Duration.ofMillis(300));
    // The first one's call has the record; the second one's answer is the first one's.
    scheduler.advance(Duration.ofMillis(300));
    first.assertEverythingFrom(0);
    second.assertEverythingFrom(0);
    assertThat(first.atTip).contains(true);
    assertThat(second.atTip).doesNotContain(true);
  }

  @Test
  void aReaderWhoIsFarBehindReadsForItselfAndLeavesTheOthersTheirTurns() {
    stream.put(200);
    scheduler.advance(Duration.ofMinutes(1));
    Reader tip = new Reader().from(new StartingPoint.Latest(), 1);
    scheduler.advance(Duration.ofSeconds(3));
    Reader late = new Reader().from(new StartingPoint.TrimHorizon(), 2);
    for (int i = 0; i < 300; i++) {
      if (i % 3 == 0) {
        stream.put(1);
      }
      scheduler.advance(Duration.ofMillis(500));
    }
    scheduler.advance(Duration.ofSeconds(5));
    tip.assertEverythingFrom(200);
    late.assertEverythingFrom(0);
    assertPaced();
  }

  @Test
  void aShardsEndIsToldToEveryReader() {
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      readers.add(new Reader().from(new StartingPoint.Latest(), i));
      scheduler.advance(Duration.ofMillis(90));
    }
    stream.put(40);
    stream.closed = true;
    scheduler.advance(Duration.ofMinutes(1));
    for (Reader reader : readers) {
      reader.assertEverythingFrom(0);
      assertThat(reader.ended).isTrue();
    }
  }

  @Test
  void whereSomebodyReadsEverythingTheOthersHardlyAskTheService() {
    stream.put(400);
    scheduler.advance(Duration.ofMinutes(1));
    Reader archiver = new Reader().after(feeder(), 0, 1);
    scheduler.advance(Duration.ofSeconds(3));
    // It is behind, and brings what they wait for.
    List<Reader> statements = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int high = archiver.got.get(archiver.got.size() - 1);
      places.add(high + 1);
      statements.add(new Reader().after(high, i));
      scheduler.advance(Duration.ofMillis(700));
      stream.put(2);
    }
    assertThat(callNanos).isEmpty();
    scheduler.advance(Duration.ofMinutes(2));
    for (int i = 0; i < 20; i++) {
      statements.get(i).assertEverythingFrom(places.get(i));
    }
    assertPaced();
  }

  /** A feeder by hand: it reads when it is told to. */
  private final class Feeder {
    private final StreamSource source = feeder();
    private String iterator;
    private int last;

    Feeder(int after) {
      last = after;
      iterator =
          answer(
              source.iterator(
                  FakeStream.SHARD_ID,
                  new StartingPoint.After(stream.position(after).sequenceNumber())));
    }

    /** An answer of the stream has some records, not as many as there are. */
    void readTo(int index) {
      while (last < index) {
        ReadBatch batch = answer(source.read(FakeStream.SHARD_ID, iterator, index - last));
        iterator = batch.nextIterator().orElseThrow();
        last += batch.records().size();
      }
    }
  }

  @Test
  void aFeederThatPausesIsWaitedFor() {
    stream.put(50);
    scheduler.advance(Duration.ofSeconds(1));
    Feeder feeder = new Feeder(0);
    feeder.readTo(10);
    Reader reader = new Reader().after(10, 1);
    scheduler.advance(Duration.ofSeconds(9));
    assertThat(callNanos).isEmpty();
    feeder.readTo(49);
    scheduler.advance(Duration.ofSeconds(1));
    reader.assertEverythingFrom(11);
    assertThat(callNanos).isEmpty();
  }

  @Test
  void aFeederThatHasReadTheShardToItsEndIsNotWaitedFor() {
    stream.put(30);
    scheduler.advance(Duration.ofSeconds(1));
    Feeder feeder = new Feeder(0);
    feeder.readTo(20);
    Reader reader = new Reader().after(20, 1);
    scheduler.advance(Duration.ofSeconds(1));
    stream.closed = true;
    // It has the last records and the end in one answer, or in two.
    ReadBatch batch;
    do {
      batch = answer(feeder.source.read(FakeStream.SHARD_ID, feeder.iterator, 100));
      feeder.iterator = batch.nextIterator().orElse("");
    } while (!batch.endsShard());
    scheduler.advance(Duration.ofSeconds(5));
    reader.assertEverythingFrom(21);
    assertThat(reader.ended).isTrue();
  }

  @Test
  void aFeederThatIsGoneIsNotWaitedFor() {
    stream.put(50);
    scheduler.advance(Duration.ofSeconds(1));
    Feeder feeder = new Feeder(0);
    feeder.readTo(10);
    feeder.source.close();
    Reader reader = new Reader().after(10, 1);
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(callNanos).isNotEmpty();
    scheduler.advance(Duration.ofSeconds(20));
    reader.assertEverythingFrom(11);
  }

  @Test
  void whoAsksLessOftenThanAnswersComeDoesNotFallBehind() {
    stream.put(1);
    Feeder feeder = new Feeder(0);
    stream.put(1);
    feeder.readTo(1);
    Reader reader = new Reader().after(1, 1);
    for (int i = 0; i < 200; i++) {
      stream.put(1);
      feeder.readTo(2 + i);
      scheduler.advance(Duration.ofMillis(100)); // and readers ask every 500 ms
      assertThat(stream.records.size() - 2 - reader.got.size()).isLessThanOrEqualTo(6);
    }
    assertThat(callNanos).isEmpty();
  }

  @Test
  void whatTheFeederStillHoldsIsKeptBeyondTheBound() {
    open(1, 3_000); // for four records or so
    stream.put(41);
    Feeder feeder = new Feeder(0);
    for (int i = 1; i <= 10; i++) {
      feeder.readTo(i);
    }
    int asked = stream.iteratorsAsked.size();
    Reader held = new Reader().after(2, 1);
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(held.got).startsWith(3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(stream.iteratorsAsked).hasSize(asked);
    feeder.source.archived(FakeStream.SHARD_ID, stream.position(10).sequenceNumber());
    Reader late = new Reader().after(2, 2);
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(stream.iteratorsAsked).hasSize(asked + 1);
    assertThat(late.got).startsWith(3);
  }

  @Test
  void whoBeginsAtTheTipBeginsWithAFeederThatIsNearIt() {
    stream.put(1);
    Feeder feeder = new Feeder(0);
    stream.put(20);
    feeder.readTo(10);
    int asked = stream.iteratorsAsked.size();
    Reader reader = new Reader().from(new StartingPoint.Latest(), 1);
    feeder.readTo(20);
    scheduler.advance(Duration.ofSeconds(1));
    reader.assertEverythingFrom(11);
    assertThat(stream.iteratorsAsked).hasSize(asked);
    assertThat(callNanos).isEmpty();
  }

  @Test
  void aFeederThatWasRefusedComesFirst() {
    stream.put(20);
    Feeder feeder = new Feeder(15);
    feeder.readTo(16);
    stream.refuseNextRead = true;
    CompletableFuture<ReadBatch> refused =
        feeder.source.read(FakeStream.SHARD_ID, feeder.iterator, 1);
    scheduler.runUntil(refused::isDone, 100);
    assertThat(refused).isCompletedExceptionally();
    new Reader().from(new StartingPoint.TrimHorizon(), 1);
    scheduler.advance(Duration.ofMillis(1_900));
    assertThat(callNanos).isEmpty();
    scheduler.advance(Duration.ofMillis(600));
    assertThat(callNanos).isNotEmpty();
  }

  @Test
  void whatAnotherIncarnationGivesIsNotFed() {
    stream.put(5);
    StreamSource other =
        shared.fedBy(
            new ForwardingSource(stream) {
              @Override
              public CompletableFuture<StreamDescription> describe() {
                return super.describe()
                    .thenApply(
                        d ->
                            new StreamDescription(
                                d.name(),
                                new Incarnation("arn", Instant.EPOCH.plusSeconds(1)),
                                d.status(),
                                d.retention(),
                                d.openShards(),
                                d.maxRecordBytes()));
              }
            });
    assertThat(shared.describe().join()).isNotNull();
    assertThat(other.describe().join()).isNotNull();
    Reader archiver = new Reader().after(other, 0, 1);
    scheduler.advance(Duration.ofSeconds(5));
    archiver.assertEverythingFrom(1);
    int iterators = stream.iteratorsAsked.size();
    Reader reader = new Reader().after(2, 2);
    scheduler.advance(Duration.ofSeconds(5));
    reader.assertEverythingFrom(3);
    // It has asked the service itself.
    assertThat(stream.iteratorsAsked).hasSizeGreaterThan(iterators);
  }

  /** Whatever comes between: faults, empty reads, expired iterators, little or no memory. */
  @Test
  void everyReaderGetsEveryRecordOnceAndInOrderWhateverHappens() {
    for (long seed = 1; seed <= 150; seed++) {
      Random random = new Random(seed);
      open(seed, new long[] {0, 3_000, 30_000, PLENTY}[random.nextInt(4)]);
      stream.faults = random.nextBoolean() ? 0.15 : 0;
      stream.emptyReads = random.nextBoolean() ? 0.3 : 0;
      stream.put(1 + random.nextInt(30));
      StreamSource feeder = feeder();
      int feedsFrom = random.nextBoolean() ? random.nextInt(150) : Integer.MAX_VALUE;
      List<Reader> readers = new ArrayList<>();
      List<Integer> firsts = new ArrayList<>();
      List<Boolean> latest = new ArrayList<>();
      for (int step = 0; step < 150; step++) {
        if (readers.size() < 8 && random.nextInt(6) == 0) {
          int index = random.nextInt(stream.records.size());
          StreamRecord record = stream.records.get(index);
          boolean isLatest = false;
          Reader reader = new Reader();
          switch (random.nextInt(4)) {
            case 0 -> {
              isLatest = true;
              index = stream.records.size();
              reader.from(new StartingPoint.Latest(), seed + step);
            }
            case 1 -> reader.from(new StartingPoint.At(number(record)), seed + step);
            case 2 -> {
              index++;
              reader.after(index - 1, seed + step);
            }
            default -> {
              index = 0;
              reader.from(new StartingPoint.TrimHorizon(), seed + step);
            }
          }
          readers.add(reader);
          firsts.add(index);
          latest.add(isLatest);
        }
        if (step == feedsFrom) {
          int index = random.nextInt(stream.records.size());
          readers.add(new Reader().after(feeder, index, seed));
          firsts.add(index + 1);
          latest.add(false);
        }
        if (random.nextInt(3) > 0) {
          stream.put(random.nextInt(12));
        }
        scheduler.advance(Duration.ofMillis(random.nextInt(step % 40 == 39 ? 400_000 : 900)));
      }
      stream.faults = 0;
      stream.put(1);
      stream.closed = true;
      scheduler.runUntil(() -> readers.stream().allMatch(reader -> reader.ended), 200_000);
      assertPaced();
      for (int i = 0; i < readers.size(); i++) {
        List<Integer> got = readers.get(i).got;
        int first = got.isEmpty() ? firsts.get(i) : got.get(0);
        assertThat(got)
            .as("reader %d of seed %d", i, seed)
            .isEqualTo(IntStream.range(first, stream.records.size()).boxed().toList());
        // LATEST is where the service is when it answers, or a little before.
        if (!latest.get(i)) {
          assertThat(first).as("reader %d of seed %d", i, seed).isEqualTo(firsts.get(i));
        }
      }
    }
  }
}
