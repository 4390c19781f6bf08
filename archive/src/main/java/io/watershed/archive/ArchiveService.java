package io.watershed.archive;

import io.watershed.archive.encode.Encoder;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.DataSize;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.scratch.ScratchFolder;
import io.watershed.core.time.RealScheduler;
import io.watershed.core.time.Scheduler;
import io.watershed.reservoir.Reservoir;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Archives one or several streams into one reservoir. Each has a thread for its steps and one for
 * what blocks, so one stream's trouble never stops another. Use an instance for one run.
 */
public final class ArchiveService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ArchiveService.class);

  private final ArchiveSettings settings;
  private final ShardReadSettings reading;
  private final Reservoir reservoir;
  private final List<ArchivedStream> streams;
  private final InstantSource clock;
  private final Encoder encoder;
  private final ScratchFolder scratch;
  private final ExecutorService blocking;
  private final MemoryBudget memory;
  private final List<RealScheduler> schedulers = new ArrayList<>();
  private final List<StreamArchiver> archivers;
  private final AtomicBoolean used = new AtomicBoolean();

  /** With default bounds of reading and encoding. */
  public ArchiveService(
      Reservoir reservoir,
      List<ArchivedStream> streams,
      ArchiveSettings settings,
      InstantSource clock) {
    this(
        reservoir,
        streams,
        settings,
        ShardReadSettings.DEFAULTS,
        EncoderSettings.DEFAULTS.within(ArchiveSettings.ENCODE_BYTES),
        SchemaSettings.DEFAULTS,
        clock);
  }

  /**
   * Starts the embedded encoder; close this.
   *
   * @param reservoir where to archive; closed by whoever opened it
   * @param streams what to archive, at least one, names distinct
   * @param settings limits; the streams share the process's buffer
   * @param reading how shards are read
   * @param encoding how files are written
   * @param columns bounds of the payload columns
   * @param clock the time that is written down; must agree with the stream's
   */
  public ArchiveService(
      Reservoir reservoir,
      List<ArchivedStream> streams,
      ArchiveSettings settings,
      ShardReadSettings reading,
      EncoderSettings encoding,
      SchemaSettings columns,
      InstantSource clock) {
    requireDistinct(streams);
    this.reservoir = reservoir;
    this.streams = List.copyOf(streams);
    this.settings = settings;
    this.reading = reading;
    this.clock = clock;
    this.scratch = ScratchFolder.temporary("archive");
    this.encoder = new Encoder(encoding, columns, PayloadFormat.JSON);
    this.blocking = Executors.newFixedThreadPool(streams.size(), ArchiveService::daemon);
    this.memory = new MemoryBudget(bounded(settings.buffers().processBytes()), streams.size());
    this.archivers = this.streams.stream().map(this::archiver).toList();
  }

  /**
   * Archives until the stop signal, or with {@link ArchiveMode#ONCE} until every shard has been
   * read to its tip, and commits what was read. Blocks. Failures of a stream are in the outcome,
   * not thrown; the others go on.
   */
  public ArchiveOutcome run(ArchiveMode mode, StopSignal stop) {
    if (!used.compareAndSet(false, true)) {
      throw new IllegalStateException("an archive service runs once");
    }
    List<CompletableFuture<StreamOutcome>> outcomes =
        archivers.stream().map(archiver -> archiver.start(mode)).toList();
    stop.whenRequested(() -> archivers.forEach(StreamArchiver::stop));
    return new ArchiveOutcome(outcomes.stream().map(CompletableFuture::join).toList());
  }

  /** What every stream's archiver does now, in the order of the streams. Thread-safe, cheap. */
  public List<StreamStatus> status() {
    return archivers.stream().map(StreamArchiver::status).toList();
  }

  /**
   * The records of a stream that are read and not committed yet. Thread-safe.
   *
   * @param stream its name in the reservoir
   */
  public Optional<PendingRecords> pending(String stream) {
    for (int i = 0; i < streams.size(); i++) {
      if (streams.get(i).name().equals(stream)) {
        return Optional.of(archivers.get(i).pending());
      }
    }
    return Optional.empty();
  }

  /**
   * Ends everything at once, without a commit, as a crash would; what was read and not committed is
   * read again by the next run. After {@link #run} returned there is nothing left to end.
   */
  @Override
  public void close() {
    archivers.forEach(StreamArchiver::abandon);
    schedulers.forEach(RealScheduler::close);
    blocking.shutdownNow();
    encoder.close();
    scratch.close();
  }

  private StreamArchiver archiver(ArchivedStream stream) {
    RealScheduler timers = new RealScheduler("archive-" + stream.name());
    schedulers.add(timers);
    ArchiveSettings own = stream.settings().orElse(settings);
    return new StreamArchiver(
        new ArchiverParts(
            stream.name(),
            stream.sources(),
            () -> reservoir.createOrLoad(stream.name()),
            new EncodedFiles(encoder.forFormat(stream.format())::encode, scratch.path()),
            own,
            reading.withMaxIdleDelay(own.pace().pollInterval()),
            memory.share(own.buffers().streamBytes()),
            new Clocked(timers, clock),
            blocking,
            new Random()));
  }

  /** What the configuration asks for must fit into the heap beside everything else. */
  private static long bounded(long processBytes) {
    long most = Runtime.getRuntime().maxMemory() / 8 * 5;
    if (processBytes <= most) {
      return processBytes;
    }
    LOG.warn(
        "process_buffer is {}, but the heap allows only {}; set -Xmx higher",
        new DataSize(processBytes).approximate(),
        new DataSize(most).approximate());
    return most;
  }

  private static void requireDistinct(List<ArchivedStream> streams) {
    if (streams.isEmpty()) {
      throw new WatershedException(
          ErrorCode.CONFIG, "There is no stream to archive", "Name one, or configure it.");
    }
    Set<String> names = new HashSet<>();
    for (ArchivedStream stream : streams) {
      if (!names.add(stream.name())) {
        throw new WatershedException(
            ErrorCode.CONFIG,
            "Two streams would be archived under the name '" + stream.name() + "'",
            "Give one of them another alias.");
      }
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "archive-commit");
    thread.setDaemon(true);
    return thread;
  }

  /** Timers of the machine, with the time that was handed in. */
  private record Clocked(Scheduler timers, InstantSource clock) implements Scheduler {
    @Override
    public Instant instant() {
      return clock.instant();
    }

    @Override
    public long nanoTime() {
      return timers.nanoTime();
    }

    @Override
    public void schedule(Duration delay, Runnable task) {
      timers.schedule(delay, task);
    }
  }
}
