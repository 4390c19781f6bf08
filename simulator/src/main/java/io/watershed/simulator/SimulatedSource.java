package io.watershed.simulator;

import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamFailure.Kind;
import io.watershed.kinesis.StreamSource;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One process's way to the stream: requests and answers are lost, late, throttled, refused. Like
 * the real source it is tied to the incarnation that it described first, asks now and then whether
 * that is still the stream's, and otherwise asks by name.
 */
final class SimulatedSource implements StreamSource {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LATEST_ANSWER = Duration.ofMinutes(6);
  private static final long CHECK_NANOS = Duration.ofSeconds(5).toNanos();

  private final SimulatedKinesis kinesis;
  private final SimulatedProcess process;
  private final World world;
  private final FaultPlan faults;
  private final Random random;
  private @Nullable Incarnation pinned;
  private long checkedNanos;

  SimulatedSource(SimulatedKinesis kinesis, SimulatedProcess process, Random random) {
    this.kinesis = kinesis;
    this.process = process;
    this.world = process.world();
    this.faults = world.faults();
    this.random = random;
  }

  @Override
  public CompletableFuture<StreamDescription> describe() {
    return call("describe", this::describeNow);
  }

  private StreamDescription describeNow() {
    StreamDescription description = kinesis.describe();
    if (pinned == null || pinned.equals(description.incarnation())) {
      pinned = description.incarnation();
      checkedNanos = process.nanoTime();
    }
    return description;
  }

  @Override
  public CompletableFuture<List<Shard>> listShards() {
    return call("list", () -> kinesis.listShards(checked()));
  }

  @Override
  public CompletableFuture<String> iterator(String shardId, StartingPoint startingPoint) {
    return call(
        "iterator of " + shardId,
        () -> {
          Incarnation checked = checked();
          String iterator = kinesis.iterator(shardId, startingPoint);
          world.say(
              process.name(),
              "iterator of "
                  + shardId
                  + " "
                  + startingPoint.getClass().getSimpleName()
                  + " in "
                  + checked.id());
          return iterator;
        });
  }

  @Override
  public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
    return call(
        "read of " + shardId,
        () -> {
          ReadBatch batch = kinesis.read(checkedOrPinned(), shardId, iterator, maxRecords);
          if (!batch.records().isEmpty() || batch.endsShard()) {
            world.say(
                process.name(),
                "reads "
                    + batch.records().size()
                    + " of "
                    + shardId
                    + (batch.endsShard() ? ", its end" : ""));
          }
          return batch;
        });
  }

  @Override
  public void close() {}

  private Incarnation checkedOrPinned() {
    Incarnation known = pinned;
    return known == null ? checked() : known;
  }

  private Incarnation checked() {
    Incarnation known = pinned;
    if (known == null || process.nanoTime() - checkedNanos >= CHECK_NANOS) {
      Incarnation now = describeNow().incarnation();
      if (known != null && !known.equals(now)) {
        throw new StreamFailure(Kind.NOT_FOUND, "the stream was created again", null);
      }
      return now;
    }
    return known;
  }

  private <T> CompletableFuture<T> call(String what, Supplier<T> atService) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (world.strikes(random, faults.lostRequest() + process.streamOutage())) {
      fail(answer, TIMEOUT, Kind.TRANSIENT, "no answer to " + what);
      return answer;
    }
    Duration there = world.isHealed() ? Duration.ZERO : World.upTo(random, Duration.ofMillis(300));
    world.later(there, () -> serve(what, atService, answer));
    return answer;
  }

  private <T> void serve(String what, Supplier<T> atService, CompletableFuture<T> answer) {
    if (world.strikes(random, faults.throttle())) {
      fail(answer, Duration.ZERO, Kind.THROTTLED, "slow down");
    } else if (world.strikes(random, faults.serverError())) {
      fail(answer, Duration.ZERO, Kind.TRANSIENT, "internal failure");
    } else {
      serveWell(what, atService, answer);
    }
  }

  private <T> void serveWell(String what, Supplier<T> atService, CompletableFuture<T> answer) {
    T value;
    try {
      value = atService.get();
    } catch (StreamFailure e) {
      world.say(process.name(), what + ": " + e.kind());
      process.schedule(Duration.ZERO, () -> answer.completeExceptionally(e));
      return;
    }
    if (world.strikes(random, faults.lostAnswer())) {
      fail(answer, TIMEOUT, Kind.TRANSIENT, "no answer to " + what);
    } else {
      boolean late = world.strikes(random, faults.lateAnswer());
      Duration back = late ? World.upTo(random, LATEST_ANSWER) : Duration.ZERO;
      if (late) {
        world.say(process.name(), what + " will be answered in " + back.toSeconds() + " s");
      }
      process.schedule(back, () -> answer.complete(value));
    }
  }

  private void fail(CompletableFuture<?> answer, Duration after, Kind kind, String why) {
    process.schedule(after, () -> answer.completeExceptionally(new StreamFailure(kind, why, null)));
  }
}
