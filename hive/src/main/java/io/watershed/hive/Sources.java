package io.watershed.hive;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.ConfigLoader;
import io.watershed.core.config.ConfigOverrides;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.StreamConfig;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.SchemaSources;
import io.watershed.core.time.RealScheduler;
import io.watershed.cut.CutResolver;
import io.watershed.cut.FileSumsCache;
import io.watershed.cut.HotTail;
import io.watershed.cut.StreamSide;
import io.watershed.cut.Waiting;
import io.watershed.cut.condition.Conditions;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.Reservoir;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One stream as this process reaches it, by a table's configuration. Opened for a query's plan or
 * for one task, and closed after it. Used by one thread.
 */
final class Sources implements AutoCloseable {
  private static final int FOOTERS_SIDE_BY_SIDE = 8;

  private final WatershedConfig config;
  private final String stream;
  private final RealScheduler scheduler = new RealScheduler("hive-timers");
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Reservoir reservoir;
  private final Optional<StreamConfig> configured;
  private @Nullable StreamSource source;

  private Sources(WatershedConfig config, String stream) {
    this.config = config;
    opened.push(scheduler);
    this.reservoir = keep(Reservoir.open(config.reservoir()));
    this.configured = config.find(stream);
    this.stream = configured.map(StreamConfig::alias).orElse(stream);
  }

  /**
   * Reads the configuration; nothing is contacted.
   *
   * @throws WatershedException {@code config}
   */
  static Sources open(TableSettings table) {
    ConfigLoader loader = new ConfigLoader(ConfigOverrides.NONE);
    return new Sources(loader.load(Path.of(table.config())), table.stream());
  }

  private StreamSource source(StreamConfig found) {
    StreamSource known = source;
    if (known != null) {
      return known;
    }
    AwsAccess access = found.access().orDummyKeys(Map.copyOf(System.getenv()));
    StreamSource opened =
        keep(
            keep(KinesisStreams.open(access))
                .source(found.nameOrArn(), found.payload().documents(), found.keepsReplayed()));
    source = opened;
    return opened;
  }

  /** The stream's name in the reservoir. */
  String stream() {
    return stream;
  }

  Reservoir reservoir() {
    return reservoir;
  }

  RealScheduler scheduler() {
    return scheduler;
  }

  LiveReadSettings live() {
    return config.live();
  }

  /** The stream in Kinesis; empty if the configuration does not have it. */
  Optional<StreamSource> source() {
    return configured.map(this::source);
  }

  /**
   * The stream, which a live side needs.
   *
   * @throws WatershedException {@code stream-not-found}
   */
  StreamSource requireSource() {
    return source()
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.STREAM_NOT_FOUND,
                    "no live side is configured for the stream '" + stream + "'",
                    "Add it to 'streams' of the configuration that the table names."));
  }

  /** How its payloads are decoded. */
  PayloadFormat format() {
    var payload = configured.orElse(config.template()).payload();
    return PayloadFormat.of(
        payload, reservoir.schemas(stream, SchemaSources.of(payload.avro()), false));
  }

  /** Both sides of the stream. */
  StreamSide bothSides() {
    return side(source(), Conditions.NONE);
  }

  /** The archive, as far as it meets the conditions. */
  StreamSide archivedSide(Conditions conditions) {
    return side(Optional.empty(), conditions);
  }

  private StreamSide side(Optional<StreamSource> live, Conditions conditions) {
    return new StreamSide(stream, reservoir.find(stream), live, format(), HotTail.NONE, conditions);
  }

  /** Resolves and repeats cuts. */
  CutResolver resolver() {
    AtomicInteger number = new AtomicInteger();
    ExecutorService footers =
        Executors.newFixedThreadPool(
            FOOTERS_SIDE_BY_SIDE,
            task -> {
              Thread thread = new Thread(task, "hive-footers-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    keep((AutoCloseable) footers::shutdownNow);
    return new CutResolver(
        live(),
        scheduler,
        SplittableRandom::new,
        new FileSumsCache(footers),
        (files, time) -> {
          throw new IllegalStateException("a table of Hive's ends at the tip, at no time");
        },
        Waiting::within);
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    opened.push(closeable);
    return closeable;
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("closing what was opened for a table failed", e);
      }
    }
  }
}
