package io.watershed.simulator;

import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.PutEntry;
import io.watershed.kinesis.PutResult;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamFailure.Kind;
import io.watershed.kinesis.StreamSink;
import io.watershed.kinesis.StreamSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One process's way to write to the stream: requests are lost, refused in whole or in part, written
 * without an answer, and written long after their sender gave up or died.
 */
final class SimulatedSink implements StreamSink {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LATEST_LANDING = Duration.ofMinutes(1);

  private final SimulatedKinesis kinesis;
  private final SimulatedProcess process;
  private final Function<PutEntry, StreamRecord> store;
  private final World world;
  private final FaultPlan faults;
  private final Random random;

  /**
   * @param store puts a record into the stream
   */
  SimulatedSink(
      SimulatedKinesis kinesis,
      SimulatedProcess process,
      Function<PutEntry, StreamRecord> store,
      Random random) {
    this.kinesis = kinesis;
    this.process = process;
    this.store = store;
    this.world = process.world();
    this.faults = world.faults();
    this.random = random;
  }

  @Override
  public CompletableFuture<StreamDescription> describe() {
    return call(kinesis::describe);
  }

  @Override
  public CompletableFuture<List<Shard>> openShards() {
    return call(
        () -> {
          var unused = kinesis.describe(); // or it is not there
          return kinesis.newest().openShards().stream().map(SimulatedShard::shard).toList();
        });
  }

  @Override
  public Optional<StreamSource> reader() {
    return Optional.of(new SimulatedSource(kinesis, process, new Random(random.nextLong())));
  }

  @Override
  public CompletableFuture<List<PutResult>> put(List<PutEntry> entries) {
    List<PutEntry> copy = List.copyOf(entries);
    if (world.strikes(random, faults.lostAnswer())) {
      world.later(World.upTo(random, LATEST_LANDING), () -> landLate(copy));
      CompletableFuture<List<PutResult>> answer = new CompletableFuture<>();
      fail(answer, TIMEOUT, Kind.TRANSIENT);
      return answer;
    }
    return call(() -> write(copy));
  }

  @Override
  public void close() {}

  private <T> CompletableFuture<T> call(Supplier<T> atService) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (process.isDead()) {
      return answer;
    }
    if (world.strikes(random, faults.lostRequest() + process.streamOutage())) {
      fail(answer, TIMEOUT, Kind.TRANSIENT);
      return answer;
    }
    Duration there = World.upTo(random, Duration.ofMillis(300));
    world.later(there, () -> serve(atService, answer));
    return answer;
  }

  private <T> void serve(Supplier<T> atService, CompletableFuture<T> answer) {
    if (world.strikes(random, faults.throttle())) {
      fail(answer, Duration.ZERO, Kind.THROTTLED);
      return;
    }
    T value;
    try {
      value = atService.get();
    } catch (StreamFailure e) {
      process.schedule(Duration.ZERO, () -> answer.completeExceptionally(e));
      return;
    }
    if (world.strikes(random, faults.lostAnswer() + faults.serverError())) {
      fail(answer, TIMEOUT, Kind.TRANSIENT);
    } else {
      process.schedule(World.upTo(random, Duration.ofMillis(300)), () -> answer.complete(value));
    }
  }

  private void landLate(List<PutEntry> entries) {
    if (!kinesis.newest().isDeleted()) {
      world.say(process.name(), "wrote late: " + write(entries).size());
    }
  }

  private List<PutResult> write(List<PutEntry> entries) {
    var unused = kinesis.describe(); // or it is not there
    List<PutResult> results = new ArrayList<>();
    for (PutEntry entry : entries) {
      results.add(
          world.strikes(random, faults.throttle())
              ? new PutResult.Rejected(random.nextBoolean(), "InternalFailure", "")
              : written(store.apply(entry)));
    }
    return results;
  }

  private static PutResult written(StreamRecord record) {
    return new PutResult.Written(record.shard().shardId(), record.position().sequenceNumber());
  }

  private void fail(CompletableFuture<?> answer, Duration after, Kind kind) {
    process.schedule(
        after, () -> answer.completeExceptionally(new StreamFailure(kind, "simulated", null)));
  }
}
