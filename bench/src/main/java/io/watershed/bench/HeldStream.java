package io.watershed.bench;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiveOutcome;
import io.watershed.archive.ArchiveService;
import io.watershed.archive.ArchivedStream;
import io.watershed.archive.StopSignal;
import io.watershed.archive.hot.HotTailServer;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.hottail.SocketFolder;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.HotTail;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.kinesis.PutEntry;
import io.watershed.kinesis.PutResult;
import io.watershed.kinesis.StreamSink;
import io.watershed.kinesis.StreamSource;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.query.QueryEngine;
import io.watershed.query.SqlRequest;
import io.watershed.query.hot.SocketHotTail;
import io.watershed.reservoir.Reservoir;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A stream whose archiver reads all the while and commits nothing, and engines over it. */
final class HeldStream implements AutoCloseable {
  private static final String STREAM = "orders";
  private static final Duration NEVER = Duration.ofHours(1);
  private static final long PRODUCER_PAUSE_MILLIS = 100;

  private final LocalKinesis kinesis;
  private final Path folder;
  private final KinesisStreams streams;
  private final StreamSink sink;
  private final Reservoir reservoir;
  private final SocketFolder sockets;
  private final ArchiveService archiver;
  private final AutoCloseable server;
  private final StopSignal stop = new StopSignal();
  private final CompletableFuture<ArchiveOutcome> archiving;
  private final AtomicLong events = new AtomicLong();

  HeldStream(Path folder, LocalKinesis kinesis, int shards) {
    this.kinesis = kinesis;
    this.folder = folder;
    kinesis.createStream(STREAM, shards);
    this.streams = KinesisStreams.open(kinesis.access());
    this.sink = streams.sink(STREAM);
    this.reservoir = Reservoir.open(folder.resolve("reservoir").toString(), AwsAccess.DEFAULT);
    this.sockets = new SocketFolder(folder.resolve("s"));
    this.archiver =
        new ArchiveService(
            reservoir,
            List.of(new ArchivedStream(STREAM, () -> streams.source(STREAM))),
            ArchiveSettings.DEFAULTS.withCommitInterval(NEVER),
            InstantSource.system());
    this.server =
        HotTailServer.start(
            sockets, reservoir.toString(), Map.of(STREAM, archiver.pending(STREAM).orElseThrow()));
    this.archiving =
        CompletableFuture.supplyAsync(() -> archiver.run(ArchiveMode.CONTINUOUS, stop));
  }

  /** Puts records, and waits until the archiver holds them. */
  void fill(int records) throws InterruptedException {
    // It commits when it comes to a new stream, and then not before the interval is over.
    while (archiver.status().get(0).commits() == 0) {
      awaitArchiver();
    }
    while (events.get() < records) {
      putEvents(Math.min(1_000, records - (int) events.get()));
    }
    while (buffered() < records) {
      awaitArchiver();
    }
  }

  private void awaitArchiver() throws InterruptedException {
    if (archiving.isDone()) {
      throw new IllegalStateException("the archiver ended: " + archiving.join());
    }
    Thread.sleep(50);
  }

  private long buffered() {
    return archiver.status().get(0).shards().stream()
        .mapToLong(shard -> shard.bufferedRecords())
        .sum();
  }

  private void putEvents(int count) {
    long first = events.getAndAdd(count) + 1;
    for (StreamRecord record : OrderEvents.records(first, count, Instant.now())) {
      kinesis.put(STREAM, record.partitionKey(), record.payload());
    }
  }

  /** Goes on putting records until it is closed. */
  AutoCloseable produce() {
    ScheduledExecutorService producer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "producer");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        producer.scheduleAtFixedRate(
            () -> putEvents(1), 0, PRODUCER_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    return producer::shutdownNow;
  }

  /** Puts a record that {@link Side} can be asked for. */
  void putProbe(String name) {
    byte[] payload = ("{\"probe\":\"" + name + "\"}").getBytes(StandardCharsets.UTF_8);
    PutEntry entry = new PutEntry(name, Optional.empty(), payload);
    if (!(sink.put(List.of(entry)).join().get(0) instanceof PutResult.Written)) {
      throw new IllegalStateException("a record was refused");
    }
  }

  /** Statements over the stream, with the archiver's memory or without. */
  Side side(boolean withMemory) {
    return new Side(withMemory);
  }

  /** An engine, and what it reads of the stream. */
  final class Side implements AutoCloseable {
    private final StreamSource source = streams.source(STREAM);
    private final CountedSource reads = new CountedSource(source);
    private final QueryEngine engine;

    private Side(boolean withMemory) {
      HotTail memory =
          withMemory
              ? new SocketHotTail(sockets, reservoir.toString(), STREAM, LiveReadSettings.DEFAULTS)
              : HotTail.NONE;
      this.engine =
          QueryEngine.open(
              reservoir,
              sources(reads, memory),
              SqlSettings.DEFAULTS,
              LiveReadSettings.DEFAULTS,
              folder.resolve(withMemory ? "with" : "without"));
    }

    /** Whether a statement that begins now returns the probe. */
    boolean sees(String probe) {
      CountSink count = new CountSink();
      var unused =
          engine.execute(
              SqlRequest.of("SELECT count(*) FROM orders WHERE probe = '" + probe + "'"), count);
      return count.value() > 0;
    }

    CountedSource reads() {
      return reads;
    }

    @Override
    public void close() {
      engine.close();
      source.close();
    }
  }

  private static StreamSources sources(StreamSource source, HotTail memory) {
    return new StreamSources() {
      @Override
      public Optional<StreamSource> find(String stream) {
        return Optional.of(source);
      }

      @Override
      public HotTail hotTail(String stream) {
        return memory;
      }

      @Override
      public List<String> names() {
        return List.of(STREAM);
      }
    };
  }

  /** The archiver ends as it would when it is killed: what it holds is of no use to anybody. */
  @Override
  public void close() throws Exception {
    server.close();
    archiver.close();
    reservoir.close();
    sink.close();
    streams.close();
  }
}
