package io.watershed.archive;

import io.watershed.archive.encode.Encoder;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.time.RealScheduler;
import io.watershed.reservoir.Reservoir;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A process of its own that archives eight streams of 32 shards at full speed, once. */
final class MemoryTrial {
  static final int STREAMS = 8;
  static final int SHARDS = 32;

  private static final ShardReadSettings READING =
      ShardReadSettings.DEFAULTS.withMaxReadsPerSecond(1_000);
  private static final EncoderSettings ENCODING = EncoderSettings.DEFAULTS.within(128L << 20);

  private MemoryTrial() {}

  /**
   * Arguments: the reservoir's folder, the process's buffer in bytes (0: no bound at all), records
   * a shard. Prints how many records were archived.
   */
  public static void main(String[] args) {
    long buffer = Long.parseLong(args[1]);
    int recordsPerShard = Integer.parseInt(args[2]);
    List<ArchivedStream> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      String name = "stream" + i;
      streams.add(
          new ArchivedStream(
              name,
              () -> new FloodSource(name, SHARDS, recordsPerShard),
              Optional.empty(),
              PayloadFormat.RAW));
    }
    try (Reservoir reservoir = Reservoir.open(args[0], AwsAccess.DEFAULT)) {
      List<StreamOutcome> outcomes =
          buffer == 0 ? unbounded(reservoir, streams) : bounded(reservoir, streams, buffer);
      long records = outcomes.stream().mapToLong(StreamOutcome::records).sum();
      System.out.println("archived " + records);
      System.exit(0);
    }
  }

  private static List<StreamOutcome> bounded(
      Reservoir reservoir, List<ArchivedStream> streams, long buffer) {
    try (ArchiveService service =
        new ArchiveService(
            reservoir,
            streams,
            ArchiveSettings.DEFAULTS.withBuffers(buffer, buffer),
            READING,
            ENCODING,
            SchemaSettings.DEFAULTS,
            InstantSource.system())) {
      return service.run(ArchiveMode.ONCE, new StopSignal()).streams();
    }
  }

  /** The same without a budget: each stream may hold what it likes. */
  private static List<StreamOutcome> unbounded(Reservoir reservoir, List<ArchivedStream> streams) {
    Encoder encoder = new Encoder(ENCODING, SchemaSettings.DEFAULTS, PayloadFormat.RAW);
    ExecutorService blocking = Executors.newCachedThreadPool();
    List<CompletableFuture<StreamOutcome>> running = new ArrayList<>();
    for (ArchivedStream stream : streams) {
      StreamArchiver archiver =
          new StreamArchiver(
              new ArchiverParts(
                  stream.name(),
                  stream.sources(),
                  () -> reservoir.createOrLoad(stream.name()),
                  new EncodedFiles(encoder::encode, Path.of(System.getProperty("java.io.tmpdir"))),
                  ArchiveSettings.DEFAULTS,
                  READING,
                  MemoryShare.alone(8L << 30),
                  new RealScheduler(stream.name()),
                  blocking,
                  new Random(1)));
      running.add(archiver.start(ArchiveMode.ONCE));
    }
    return running.stream().map(CompletableFuture::join).toList();
  }
}
