package io.watershed.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.encode.Encoder;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Shard;
import io.watershed.core.time.VirtualScheduler;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.store.Backoff;
import io.watershed.reservoir.store.DiskStore;
import io.watershed.reservoir.store.Sleeper;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole archiver on one thread, in time that a test moves: what a simulator will do. */
final class VirtualTimeTest {
  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

  @TempDir Path folder;

  @Test
  void hoursPassOnOneThreadAndTheSameSeedGivesTheSameRun() {
    List<String> first = run(folder.resolve("first"), 42);
    assertThat(first).isNotEmpty();
    assertThat(run(folder.resolve("second"), 42)).isEqualTo(first);
  }

  @Test
  void recordsAreCommittedOnlyUnderAnIncarnationThatWasConfirmedAfterTheyWereRead() {
    VirtualScheduler time = new VirtualScheduler(START);
    MemoryStream stream = new MemoryStream(time, new Random(5));
    Random ids = new Random(5);
    try (Encoder encoder =
            new Encoder(EncoderSettings.DEFAULTS, SchemaSettings.DEFAULTS, PayloadFormat.JSON);
        Reservoir reservoir = reservoir(folder, ids)) {
      StreamArchiver archiver =
          new StreamArchiver(
              parts(time, stream, reservoir, encoder, folder, Duration.ofMinutes(1)));
      archiver.start(ArchiveMode.CONTINUOUS);
      stream.put();
      time.advance(Duration.ofMinutes(3));
      assertThat(archiver.status().records()).isEqualTo(1);
      // The reader goes on under the old name, as requests by name do, and nobody lists.
      stream.described = Optional.of(new Incarnation(stream.incarnation.arn(), time.instant()));
      stream.put();
      time.advance(Duration.ofMinutes(3));
      assertThat(reservoir.find("orders").orElseThrow().load().checkpoints().get(stream.shard))
          .satisfies(checkpoint -> assertThat(checkpoint.rows()).isEqualTo(1));
      archiver.abandon();
    }
  }

  private static Reservoir reservoir(Path root, Random ids) {
    return new Reservoir(
        new DiskStore(root),
        ReservoirSettings.DEFAULTS,
        new Backoff(Duration.ZERO, Duration.ZERO, new Random(1), Sleeper.REAL),
        () -> new UUID(ids.nextLong(), ids.nextLong()));
  }

  private static ArchiverParts parts(
      VirtualScheduler time,
      MemoryStream stream,
      Reservoir reservoir,
      Encoder encoder,
      Path scratch,
      Duration commitInterval) {
    return new ArchiverParts(
        "orders",
        stream::source,
        () -> reservoir.createOrLoad("orders"),
        new EncodedFiles(encoder::encode, scratch),
        ArchiveSettings.DEFAULTS
            .withCommitInterval(commitInterval)
            .withListInterval(Duration.ofHours(1)),
        ShardReadSettings.DEFAULTS,
        MemoryShare.alone(64L << 20),
        time,
        Runnable::run,
        stream.random);
  }

  /** Three hours of a stream that throttles, and what happened when. */
  private static List<String> run(Path root, long seed) {
    VirtualScheduler time = new VirtualScheduler(START);
    Random random = new Random(seed);
    MemoryStream stream = new MemoryStream(time, random);
    Random ids = new Random(seed);
    List<String> trace = new ArrayList<>();
    try (Encoder encoder =
            new Encoder(EncoderSettings.DEFAULTS, SchemaSettings.DEFAULTS, PayloadFormat.JSON);
        Reservoir reservoir = reservoir(root, ids)) {
      StreamArchiver archiver =
          new StreamArchiver(parts(time, stream, reservoir, encoder, root, Duration.ofMinutes(30)));
      CompletableFuture<StreamOutcome> running = archiver.start(ArchiveMode.CONTINUOUS);
      long seen = 0;
      while (time.instant().isBefore(START.plus(Duration.ofHours(3)))) {
        time.advance(Duration.ofMinutes(1));
        if (time.instant().isBefore(START.plus(Duration.ofHours(1)))) {
          stream.put();
        }
        if (archiver.status().commits() > seen) {
          seen = archiver.status().commits();
          trace.add(time.instant() + " " + seen + " " + archiver.status().records());
        }
      }
      archiver.stop();
      assertThat(time.runUntil(running::isDone, 10_000)).isTrue();
      StreamOutcome outcome = running.join();
      assertThat(outcome.failure()).isEmpty();
      assertThat(outcome.records()).isEqualTo(stream.log.size());
      assertThat(reservoir.find("orders").orElseThrow().load().checkpoints().values())
          .allMatch(checkpoint -> checkpoint.rows() == stream.log.size());
      trace.add("end " + outcome.commits() + " " + outcome.records());
      return trace;
    }
  }

  /** One shard in memory that throttles every third read or so. */
  private static final class MemoryStream implements StreamSource {
    private final VirtualScheduler time;
    private final Random random;
    private final List<StreamRecord> log = new ArrayList<>();
    private final Incarnation incarnation;
    private Optional<Incarnation> described = Optional.empty();
    private final ShardKey shard;

    MemoryStream(VirtualScheduler time, Random random) {
      this(time, random, START);
    }

    private MemoryStream(VirtualScheduler time, Random random, Instant createdAt) {
      this.incarnation = new Incarnation("arn:aws:kinesis:eu-central-1:1:stream/orders", createdAt);
      this.shard = new ShardKey(incarnation.id(), "shardId-000000000000");
      this.time = time;
      this.random = random;
    }

    /** A source opened now: pinned to the stream that has the name now. */
    MemoryStream source() {
      return described.map(now -> new MemoryStream(time, random, now.createdAt())).orElse(this);
    }

    void put() {
      log.add(
          new StreamRecord(
              shard,
              ShardPosition.of(SequenceNumber.parse(Integer.toString(100 + 7 * log.size()))),
              "key",
              time.instant(),
              ("{\"n\":" + log.size() + "}").getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public CompletableFuture<StreamDescription> describe() {
      return CompletableFuture.completedFuture(
          new StreamDescription(
              "orders", described.orElse(incarnation), "ACTIVE", Duration.ofHours(24), 1, 1 << 20));
    }

    @Override
    public CompletableFuture<List<Shard>> listShards() {
      return CompletableFuture.completedFuture(
          List.of(
              new Shard(shard, List.of(), new Shard.HashRange(BigInteger.ZERO, BigInteger.TEN))));
    }

    @Override
    public CompletableFuture<String> iterator(String shardId, StartingPoint startingPoint) {
      assertThat(startingPoint).isInstanceOf(StartingPoint.TrimHorizon.class);
      return CompletableFuture.completedFuture("0");
    }

    @Override
    public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
      if (random.nextInt(3) == 0) {
        return CompletableFuture.failedFuture(
            new StreamFailure(StreamFailure.Kind.THROTTLED, "slow down", null));
      }
      int from = Integer.parseInt(iterator);
      return CompletableFuture.completedFuture(
          new ReadBatch(
              List.copyOf(log.subList(from, log.size())),
              Optional.of(Integer.toString(log.size())),
              0,
              List.of()));
    }

    @Override
    public void close() {}
  }
}
