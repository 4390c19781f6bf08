package io.watershed.replay;

import io.watershed.consumer.Version;
import io.watershed.core.aggregate.Aggregate;
import io.watershed.core.aggregate.Aggregate.UserRecord;
import io.watershed.core.aggregate.AggregateReader;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.HashKey;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.PutEntry;
import io.watershed.kinesis.PutResult;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamFailure.Kind;
import io.watershed.kinesis.StreamSink;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * A target stream that does to requests all that the service may do: answers in any order, refuses
 * some records or whole requests, fails without having written, fails after having written, and
 * writes long after the request failed.
 */
final class HostileTarget {
  private static final List<Shard> SHARDS = shards(4);

  private final Scheduler scheduler;
  private final Random random;
  private final List<StreamRecord> log = new ArrayList<>();
  private long nextSequence = 1;
  boolean scattersKeys;
  boolean down;
  CompletableFuture<Void> readToTheTip = CompletableFuture.completedFuture(null);

  HostileTarget(Scheduler scheduler, long seed) {
    this.scheduler = scheduler;
    this.random = new Random(seed);
  }

  /** The user records that the stream holds, in the order in which they were written. */
  List<StreamRecord> log() {
    return log;
  }

  /** Somebody else puts a record, which nothing happens to. */
  void put(String partitionKey, byte[] payload) {
    var unused = write(new PutEntry(partitionKey, Optional.empty(), payload));
  }

  /** Sees everything that is written at once. */
  Superseding watch(String replayId) {
    TargetVersions versions = new TargetVersions(replayId, 100_000, Lineage.of(SHARDS));
    return new Superseding() {
      private int seen;

      @Override
      public CompletableFuture<Void> ready() {
        return readToTheTip;
      }

      @Override
      public Optional<Version> newerThan(StreamRecord record) {
        log.subList(seen, log.size()).forEach(versions::add);
        seen = log.size();
        return versions.newerThan(record);
      }

      @Override
      public void close() {}
    };
  }

  /** A connection of one process; a killed one sends nothing and hears nothing any more. */
  Connection connect() {
    return new Connection();
  }

  final class Connection implements StreamSink {
    private boolean killed;

    void kill() {
      killed = true;
    }

    @Override
    public CompletableFuture<StreamDescription> describe() {
      return CompletableFuture.completedFuture(description());
    }

    @Override
    public CompletableFuture<List<Shard>> openShards() {
      return CompletableFuture.completedFuture(SHARDS);
    }

    @Override
    public CompletableFuture<List<PutResult>> put(List<PutEntry> entries) {
      CompletableFuture<List<PutResult>> answer = new CompletableFuture<>();
      if (!killed) {
        receive(List.copyOf(entries), this, answer);
      }
      return answer;
    }

    @Override
    public void close() {}

    private void answer(Runnable completion) {
      scheduler.schedule(
          Duration.ofMillis(random.nextInt(30)),
          () -> {
            if (!killed) {
              completion.run();
            }
          });
    }
  }

  static StreamDescription description() {
    return new StreamDescription(
        "again",
        Fixtures.TARGET,
        "ACTIVE",
        Duration.ofDays(1),
        SHARDS.size(),
        Fixtures.MAX_RECORD_BYTES);
  }

  private void receive(
      List<PutEntry> entries, Connection connection, CompletableFuture<List<PutResult>> answer) {
    int what = down ? 1 : random.nextInt(20);
    Duration way = Duration.ofMillis(1 + random.nextInt(30));
    switch (what) {
      case 0 -> connection.answer(() -> fail(answer, Kind.THROTTLED));
      case 1 -> connection.answer(() -> fail(answer, Kind.TRANSIENT));
      case 2 -> {
        scheduler.schedule(way, () -> write(entries));
        connection.answer(() -> fail(answer, Kind.TRANSIENT));
      }
      case 3 -> {
        scheduler.schedule(Duration.ofMillis(random.nextInt(8_000)), () -> write(entries));
        connection.answer(() -> fail(answer, Kind.TRANSIENT));
      }
      default ->
          scheduler.schedule(
              way,
              () -> {
                List<PutResult> results = write(entries);
                connection.answer(() -> answer.complete(results));
              });
    }
  }

  private static void fail(CompletableFuture<List<PutResult>> answer, Kind kind) {
    answer.completeExceptionally(new StreamFailure(kind, "the target is hostile", null));
  }

  private List<PutResult> write(List<PutEntry> entries) {
    List<PutResult> results = new ArrayList<>();
    for (PutEntry entry : entries) {
      results.add(
          random.nextInt(10) == 0
              ? new PutResult.Rejected(random.nextBoolean(), "InternalFailure", "")
              : write(entry));
    }
    return results;
  }

  private static List<Shard> shards(int count) {
    BigInteger size = HashKey.MAX.divide(BigInteger.valueOf(count)).add(BigInteger.ONE);
    List<Shard> shards = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      BigInteger first = size.multiply(BigInteger.valueOf(i));
      shards.add(
          new Shard(
              new ShardKey(Fixtures.TARGET.id(), "shardId-" + i),
              List.of(),
              new HashRange(first, first.add(size).subtract(BigInteger.ONE).min(HashKey.MAX))));
    }
    return shards;
  }

  private String shardOf(String partitionKey) {
    BigInteger hash = HashKey.of(partitionKey);
    return SHARDS.stream()
        .filter(shard -> scattersKeys || shard.hashRange().contains(hash))
        .skip(scattersKeys ? random.nextInt(SHARDS.size()) : 0)
        .findFirst()
        .orElseThrow()
        .key()
        .shardId();
  }

  private PutResult write(PutEntry entry) {
    String shardId = shardOf(entry.partitionKey());
    SequenceNumber sequence = SequenceNumber.parse(String.valueOf(nextSequence++));
    if (AggregateReader.read(entry.payload()) instanceof Aggregate.Of pack) {
      int sub = 0;
      for (UserRecord inner : pack.records()) {
        log(shardId, new ShardPosition(sequence, sub++), inner.partitionKey(), inner.payload());
      }
    } else {
      log(shardId, ShardPosition.of(sequence), entry.partitionKey(), entry.payload());
    }
    return new PutResult.Written(shardId, sequence);
  }

  private void log(String shardId, ShardPosition position, String partitionKey, byte[] payload) {
    log.add(
        new StreamRecord(
            new ShardKey(Fixtures.TARGET.id(), shardId),
            position,
            partitionKey,
            scheduler.instant(),
            payload));
  }
}
