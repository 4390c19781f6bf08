package io.watershed.archive;

import io.watershed.archive.encode.DayEncoder;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.table.ArchiveTable;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The archiver of one stream without threads of its own: whoever runs it brings time, threads,
 * randomness and encoder. {@link ArchiveService} is for everybody else.
 */
public final class ArchiverRun {
  private final StreamArchiver archiver;

  /**
   * What the run works with.
   *
   * @param name the stream's name in the reservoir
   * @param sources opens the stream, anew for each incarnation
   * @param table opens the archive table, creating it if need be; may block and fail
   * @param encoder writes data files
   * @param scratch an existing folder on a local disk
   * @param settings limits
   * @param reading how a shard is read
   * @param bufferBytes bound of bytes read but not committed
   * @param scheduler the time, and the steps: it must run one task at a time
   * @param blocking runs what blocks: the table and the encoder
   * @param random for jitter; used by steps only
   */
  public record Surroundings(
      String name,
      Supplier<StreamSource> sources,
      Supplier<ArchiveTable> table,
      DayEncoder encoder,
      Path scratch,
      ArchiveSettings settings,
      ShardReadSettings reading,
      long bufferBytes,
      Scheduler scheduler,
      Executor blocking,
      RandomGenerator random) {}

  /** A run that has not begun. */
  public ArchiverRun(Surroundings with) {
    archiver =
        new StreamArchiver(
            new ArchiverParts(
                with.name(),
                with.sources(),
                with.table(),
                new EncodedFiles(with.encoder(), with.scratch()),
                with.settings(),
                with.reading(),
                MemoryShare.alone(with.bufferBytes()),
                with.scheduler(),
                with.blocking(),
                with.random()));
  }

  /** Begins; the outcome completes when it has ended. It never fails. Call it once. */
  public CompletableFuture<StreamOutcome> start(ArchiveMode mode) {
    return archiver.start(mode);
  }

  /** Asks it to commit what was read and to end. */
  public void stop() {
    archiver.stop();
  }

  /** What it does now. Any thread. */
  public StreamStatus status() {
    return archiver.status();
  }
}
