package io.watershed.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.OrderedWriteSettings;
import io.watershed.core.config.RetrySettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.stream.Shard;
import io.watershed.core.time.VirtualScheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderedWriterTest {
  private static final OrderedWriteSettings FAST =
      OrderedWriteSettings.DEFAULTS
          .withQuotaShare(Double.POSITIVE_INFINITY)
          .withBuffer(60, 1 << 20);
  private static final int MAX_TIMERS = 200_000;

  private final VirtualScheduler scheduler = new VirtualScheduler(Instant.EPOCH);
  private final List<Integer> reported = new ArrayList<>();

  @Test
  void perKeyTheFirstAppearancesOnTheTargetAreInInputOrderWhateverFails() {
    for (long seed = 0; seed < 500; seed++) {
      Run run = new Run(seed, false, false);
      run.write(120);
      assertThat(run.sink.wrongs).as("seed %d", seed).isEmpty();
      assertThat(run.sink.firstAppearances()).as("seed %d", seed).isEqualTo(run.expected);
      assertThat(run.reported)
          .as("seed %d: acknowledged in input order, each once", seed)
          .isEqualTo(IntStream.range(0, 120).boxed().toList());
    }
  }

  /** A consumer that leaves out packs with foreign keys, as the KCL does, misses nothing either. */
  @Test
  void packedRecordsKeepTheOrderAndAreWhereConsumersLookForThem() {
    int packs = 0;
    int away = 0;
    for (long seed = 0; seed < 500; seed++) {
      Run run = new Run(seed, false, true);
      run.write(150);
      assertThat(run.sink.wrongs).as("seed %d", seed).isEmpty();
      assertThat(run.sink.firstAppearances()).as("seed %d", seed).isEqualTo(run.expected);
      assertThat(run.sink.firstAppearancesAtHome()).as("seed %d", seed).isEqualTo(run.expected);
      assertThat(run.reported).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(run.written);
      assertThat(run.reported)
          .as("seed %d", seed)
          .isEqualTo(IntStream.range(0, 150).boxed().toList());
      packs += run.sink.packs;
      away += run.sink.packsAwayFromHome;
    }
    assertThat(packs).isGreaterThan(1_000);
    assertThat(away).as("packs that a resharding caught on their way").isPositive();
  }

  @Test
  void aHotKeyIsOneRecordARoundTripAndAsManyAsFitWhenPacked() {
    assertThat(secondsForAHotKey(FAST)).isGreaterThan(3); // 300 round trips of 20 ms and a half
    assertThat(secondsForAHotKey(FAST.withDense(true))).isLessThan(0.5);
  }

  private double secondsForAHotKey(OrderedWriteSettings settings) {
    HostileSink sink = new HostileSink(scheduler, 1);
    sink.hostility = 1e-9;
    OrderedWriter<Integer> writer = open(sink, settings.withBuffer(200, 1 << 20));
    long start = scheduler.nanoTime();
    for (int i = 0; i < 300; i++) {
      run(writer.write(entry("hot", i), i));
    }
    assertThat(writer.statistics().hottestKeyShare()).isEqualTo(1);
    run(writer.flush());
    assertThat(writer.statistics().hottestKeyShare()).isZero();
    return (scheduler.nanoTime() - start) / 1e9;
  }

  @Test
  void aShardThatThrottlesDoesNotHoldUpTheOthers() {
    HostileSink sink = new HostileSink(scheduler, 4);
    sink.hostility = 1e-9;
    String busy = sink.home("key0");
    sink.throttledShards.add(busy);
    OrderedWriter<Integer> writer = open(sink, OrderedWriteSettings.DEFAULTS);
    IntStream.range(0, 12_000).forEach(i -> writer.write(entry("key" + i, i), i));
    scheduler.advance(Duration.ofSeconds(4));
    Map<String, Long> perShard =
        sink.landed.stream()
            .collect(Collectors.groupingBy(HostileSink.Landed::shardId, Collectors.counting()));
    assertThat(perShard).hasSize(3).doesNotContainKey(busy);
    assertThat(perShard.values()).allSatisfy(count -> assertThat(count).isBetween(1_900L, 2_100L));
    assertThat(writer.statistics().recordsPerSecond()).isBetween(1_500.0, 1_800.0);
  }

  @Test
  void othersAreLeftTheirRoomAndEachShardIsWatchedNowAndThen() {
    HostileSink sink = new HostileSink(scheduler, 4);
    sink.hostility = 1e-9;
    List<String> watched = new ArrayList<>();
    TargetTraffic traffic =
        (shardId, own) -> {
          watched.add(shardId);
          return scheduler
              .sleep(Duration.ofSeconds(1))
              .thenApply(waited -> Optional.of(new TargetTraffic.Rate(800, 0)));
        };
    OrderedWriter<Integer> writer = open(sink, OrderedWriteSettings.DEFAULTS, traffic);
    assertThat(writer.statistics().recordsPerSecond()).as("not measured yet").isEqualTo(400);
    writeAll(writer, 16_000, i -> "key" + i); // 400 a second: 40 s
    assertThat(writer.statistics().recordsPerSecond()).isEqualTo(400);
    assertThat(watched).hasSize(12);
    assertThat(new HashSet<>(watched)).hasSize(4);
  }

  @Test
  void whatCannotBeMeasuredIsLeftToTheThrottles() {
    HostileSink sink = new HostileSink(scheduler, 4);
    sink.hostility = 1e-9;
    TargetTraffic denied =
        (shardId, own) ->
            CompletableFuture.failedFuture(
                new StreamFailure(
                    StreamFailure.Kind.PERMANENT, "denied", new IllegalStateException()));
    OrderedWriter<Integer> writer = open(sink, OrderedWriteSettings.DEFAULTS, denied);
    writeAll(writer, 100, i -> "key" + i);
    assertThat(writer.statistics().recordsPerSecond()).isEqualTo(2_000);
  }

  /** The hostile target would show it if records of a key were not held back. */
  @Test
  void withoutOneUnacknowledgedRecordPerKeyTheOrderBreaks() {
    int broken = 0;
    for (long seed = 0; seed < 100; seed++) {
      Run run = new Run(seed, true, false);
      run.write(120);
      broken += run.sink.firstAppearances().equals(run.expected) ? 0 : 1;
    }
    assertThat(broken).isGreaterThan(90);
  }

  @Test
  void theBufferIsBoundedAndTheFutureOfAWriteIsTheBackpressure() {
    HostileSink sink = new HostileSink(scheduler, 1);
    OrderedWriter<Integer> writer = open(sink, FAST.withBuffer(10, 1 << 20));
    for (int i = 0; i < 9; i++) {
      assertThat(writer.write(entry("hot", i), i)).isCompleted();
    }
    CompletableFuture<Void> full = writer.write(entry("hot", 9), 9);
    assertThat(full).isNotDone();
    assertThat(writer.statistics().bufferedRecords()).isEqualTo(10);
    assertThat(writer.statistics().blockedRecords()).isEqualTo(9);
    assertThat(scheduler.runUntil(full::isDone, MAX_TIMERS)).isTrue();
    assertThat(writer.statistics().bufferedRecords()).isLessThan(10);
  }

  @Test
  void aCallerWhoIgnoresTheBackpressureIsStoppedAtTwiceTheBound() {
    OrderedWriter<Integer> writer = open(new HostileSink(scheduler, 1), FAST.withBuffer(5, 1000));
    assertThatThrownBy(() -> IntStream.range(0, 100).forEach(i -> writer.write(entry("k", i), i)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(writer.statistics().bufferedRecords()).isEqualTo(10);
  }

  @Test
  void bytesBoundTheBufferToo() {
    OrderedWriter<Integer> writer = open(new HostileSink(scheduler, 1), FAST.withBuffer(100, 50));
    byte[] large = new byte[60];
    assertThat(writer.write(new PutEntry("a", Optional.empty(), large), 0)).isNotDone();
  }

  @Test
  void severalRequestsAreInFlightAndTheirNumberIsBounded() {
    HostileSink sink = new HostileSink(scheduler, 3);
    sink.hostility = 1e-9;
    OrderedWriter<Integer> writer = open(sink, FAST.withBuffer(5_000, 1 << 30));
    writeAll(writer, 4_000, i -> "key" + i);
    assertThat(sink.maxRequestsInFlight).isEqualTo(4);
    assertThat(sink.largestRequest).isLessThanOrEqualTo(500);
    assertThat(reported).hasSize(4_000);
  }

  @Test
  void aShareOfTheTargetsQuotaIsThePace() {
    HostileSink sink = new HostileSink(scheduler, 4);
    sink.hostility = 1e-9;
    sink.shards(3);
    OrderedWriter<Integer> writer = open(sink, OrderedWriteSettings.DEFAULTS);
    long start = scheduler.nanoTime();
    writeAll(writer, 15_000, i -> "key" + i); // 3 shards x 1,000 records/s x 50 % = 1,500/s
    double seconds = (scheduler.nanoTime() - start) / 1e9;
    assertThat(seconds).isBetween(9.8, 10.5);
    assertThat(sink.largestRequest).as("no bursts").isLessThanOrEqualTo(150);
  }

  @Test
  void bytesASecondAreAPaceToo() {
    HostileSink sink = new HostileSink(scheduler, 4);
    sink.hostility = 1e-9;
    OrderedWriter<Integer> writer =
        open(sink, FAST.withMaxRate(OptionalDouble.empty(), OptionalDouble.of(1_000)));
    long start = scheduler.nanoTime();
    for (int i = 0; i < 100; i++) {
      run(writer.write(new PutEntry("k" + (10 + i % 90), Optional.empty(), new byte[97]), i));
    }
    run(writer.flush());
    assertThat((scheduler.nanoTime() - start) / 1e9).isBetween(9.5, 10.5);
  }

  @Test
  void aReshardedTargetChangesThePace() {
    HostileSink sink = new HostileSink(scheduler, 4);
    sink.hostility = 1e-9;
    sink.shards(1);
    OrderedWriter<Integer> writer = open(sink, OrderedWriteSettings.DEFAULTS);
    assertThat(writer.statistics().recordsPerSecond()).isEqualTo(500);
    sink.shards(8);
    writeAll(writer, 8_000, i -> "key" + i);
    assertThat(sink.describes).as("asked again after the first surprise").isEqualTo(2);
    assertThat(writer.statistics().recordsPerSecond()).isEqualTo(4_000);
  }

  @Test
  void aTargetThatNeverTakesARecordIsGivenUpWithinTheBound() {
    HostileSink sink = new HostileSink(scheduler, 5);
    sink.hostility = 1;
    OrderedWriter<Integer> writer =
        open(
            sink,
            FAST.withRetry(
                new RetrySettings(
                    5, Duration.ofHours(1), Duration.ofMillis(1), Duration.ofMillis(9))));
    writer.write(entry("a", 0), 0);
    CompletableFuture<Void> flushed = writer.flush();
    assertThat(scheduler.runUntil(flushed::isDone, MAX_TIMERS)).isTrue();
    assertThat(flushed).isCompletedExceptionally();
    assertThat(sink.requests).isEqualTo(5);
    assertThat(writer.failure().orElseThrow().toError().getMessage()).contains("5 attempts");
    assertThat(writer.write(entry("a", 1), 1)).isCompletedExceptionally();
    assertThat(reported).isEmpty();
  }

  @Test
  void aPermanentFailureStopsTheWriterAtOnceAndReleasesWhoWaits() {
    StreamSink gone = new FailingSink(new HostileSink(scheduler, 1));
    OrderedWriter<Integer> writer = open(gone, FAST.withBuffer(1, 1000));
    assertThat(writer.write(entry("a", 0), 0)).isCompletedExceptionally();
    assertThat(writer.flush()).isCompletedExceptionally();
    assertThat(writer.failure().orElseThrow().toError().code())
        .isEqualTo(ErrorCode.STREAM_NOT_FOUND);
  }

  @Test
  void aRecordThatTheTargetCannotTakeIsRefusedAndTheWriterGoesOn() {
    HostileSink sink = new HostileSink(scheduler, 1);
    OrderedWriter<Integer> writer = open(sink, FAST);
    PutEntry large = new PutEntry("k", Optional.empty(), new byte[1 << 20]);
    assertThat(refusal(writer.write(large, 0)).code()).isEqualTo(ErrorCode.LIMIT);
    PutEntry noKey = new PutEntry("", Optional.empty(), new byte[1]);
    assertThat(refusal(writer.write(noKey, 0)).code()).isEqualTo(ErrorCode.INVALID_INPUT);
    run(writer.write(entry("k", 7), 7));
    run(writer.flush());
    assertThat(reported).containsExactly(7);
  }

  @Test
  void aRecordLargerThanARequestsQuantumStillGoes() {
    HostileSink sink = new HostileSink(scheduler, 1);
    OrderedWriter<Integer> writer = open(sink, OrderedWriteSettings.DEFAULTS);
    run(writer.write(new PutEntry("k", Optional.empty(), new byte[1_000_000]), 3));
    run(writer.flush());
    assertThat(reported).containsExactly(3);
  }

  @Test
  void closingSendsNothingMoreAndFailsWhoWaits() {
    HostileSink sink = new HostileSink(scheduler, 9);
    OrderedWriter<Integer> writer = open(sink, FAST);
    IntStream.range(0, 20).forEach(i -> writer.write(entry("hot", i), i));
    CompletableFuture<Void> flushed = writer.flush();
    writer.close();
    while (scheduler.runNext()) {}
    assertThat(flushed).isCompletedExceptionally();
    assertThat(sink.requests).isLessThanOrEqualTo(1);
  }

  @Test
  void aFailingCallbackStopsTheWriter() {
    HostileSink sink = new HostileSink(scheduler, 9);
    sink.hostility = 1e-9;
    OrderedWriter<Integer> writer =
        OrderedWriter.<Integer>open(
                sink,
                FAST,
                scheduler,
                new Random(1),
                (token, written) -> {
                  throw new IllegalStateException("disk full");
                })
            .join();
    writer.write(entry("a", 0), 0);
    CompletableFuture<Void> flushed = writer.flush();
    while (scheduler.runNext()) {}
    assertThat(flushed).isCompletedExceptionally();
    assertThat(writer.failure()).isPresent();
  }

  private OrderedWriter<Integer> open(
      StreamSink sink, OrderedWriteSettings settings, TargetTraffic traffic) {
    return OrderedWriter.<Integer>open(
            sink,
            settings,
            Optional.of(traffic),
            scheduler,
            new Random(42),
            (token, written) -> reported.add(token))
        .join();
  }

  private OrderedWriter<Integer> open(StreamSink sink, OrderedWriteSettings settings) {
    return OrderedWriter.<Integer>open(
            sink, settings, scheduler, new Random(42), (token, written) -> reported.add(token))
        .join();
  }

  private void writeAll(
      OrderedWriter<Integer> writer, int count, java.util.function.IntFunction<String> key) {
    for (int i = 0; i < count; i++) {
      run(writer.write(entry(key.apply(i), i), i));
    }
    run(writer.flush());
  }

  private void run(CompletableFuture<Void> future) {
    assertThat(scheduler.runUntil(future::isDone, MAX_TIMERS)).isTrue();
    future.join();
  }

  private static io.watershed.core.error.WatershedException refusal(CompletableFuture<Void> write) {
    return StreamFailure.of(write.handle((v, t) -> t).join()).toError();
  }

  private static PutEntry entry(String key, int number) {
    return new PutEntry(
        key, Optional.empty(), (key + "#" + number).getBytes(StandardCharsets.UTF_8));
  }

  /** One seeded run: keys from hot to rare, random thinking time, a random share of failures. */
  private static final class Run {
    final VirtualScheduler scheduler = new VirtualScheduler(Instant.EPOCH);
    final HostileSink sink;
    final Map<String, List<String>> expected = new HashMap<>();
    final List<Integer> reported = new ArrayList<>();
    final List<Integer> written = new ArrayList<>();
    private final Random random;
    private final boolean ignoreKeys;
    private final OrderedWriter<Integer> writer;

    Run(long seed, boolean ignoreKeys, boolean dense) {
      this.ignoreKeys = ignoreKeys;
      random = new Random(seed * 31 + 7);
      sink = new HostileSink(scheduler, seed);
      sink.hostility = 0.05 + random.nextDouble() * 0.4;
      OrderedWriteSettings settings =
          random.nextInt(3) == 0
              ? OrderedWriteSettings.DEFAULTS.withBuffer(40, 1 << 20)
              : FAST.withBuffer(1 + random.nextInt(80), 1 << 20);
      writer =
          OrderedWriter.<Integer>open(
                  sink, settings.withDense(dense), scheduler, random, new Both(reported, written))
              .join();
    }

    void write(int count) {
      for (int i = 0; i < count; i++) {
        String key = "k" + (int) Math.pow(random.nextInt(20), 2) / 40;
        PutEntry entry = entry(key, i);
        expected
            .computeIfAbsent(key, k -> new ArrayList<>())
            .add(new String(entry.payload(), StandardCharsets.UTF_8));
        CompletableFuture<Void> room = writer.write(entry, ignoreKeys ? key + i : key, i);
        assertThat(scheduler.runUntil(room::isDone, MAX_TIMERS)).isTrue();
        room.join();
        if (random.nextInt(60) == 0) {
          sink.listingsLag = random.nextInt(4);
          sink.shards(1 + random.nextInt(6));
        }
        if (random.nextInt(8) == 0) {
          scheduler.advance(Duration.ofMillis(random.nextInt(30)));
        }
      }
      CompletableFuture<Void> flushed = writer.flush();
      assertThat(scheduler.runUntil(flushed::isDone, MAX_TIMERS)).isTrue();
      flushed.join();
      while (scheduler.runNext()) {}
    }
  }

  /** What is reported at once, sorted, is what is reported in order in the end. */
  private record Both(List<Integer> inOrder, List<Integer> atOnce)
      implements OrderedWriter.Acknowledgements<Integer> {
    @Override
    public void acknowledged(Integer token, PutResult.Written written) {
      assertThat(atOnce).contains(token);
      inOrder.add(token);
    }

    @Override
    public void written(Integer token, String shardId, ShardPosition position) {
      atOnce.add(token);
    }
  }

  /** The stream was deleted after it was described. */
  private record FailingSink(StreamSink described) implements StreamSink {
    @Override
    public CompletableFuture<StreamDescription> describe() {
      return described.describe();
    }

    @Override
    public CompletableFuture<List<Shard>> openShards() {
      return described.openShards();
    }

    @Override
    public CompletableFuture<List<PutResult>> put(List<PutEntry> entries) {
      return CompletableFuture.failedFuture(
          new StreamFailure(StreamFailure.Kind.NOT_FOUND, "gone", null));
    }

    @Override
    public void close() {}
  }
}
