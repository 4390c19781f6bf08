package io.watershed.drill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.core.checkpoint.After;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.ConfigLoader;
import io.watershed.core.config.ConfigOverrides;
import io.watershed.core.config.PayloadSettings;
import io.watershed.core.config.StreamConfig;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.SchemaSources;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.time.RealScheduler;
import io.watershed.cut.CutResolver;
import io.watershed.cut.CutResolver.LiveReads;
import io.watershed.cut.FileSumsCache;
import io.watershed.cut.HotTail;
import io.watershed.cut.LiveMode;
import io.watershed.cut.LiveNeed;
import io.watershed.cut.LiveRange;
import io.watershed.cut.LiveRangeReader;
import io.watershed.cut.PinnedStream;
import io.watershed.cut.Receipts;
import io.watershed.cut.ResolvedStream;
import io.watershed.cut.StreamNames;
import io.watershed.cut.StreamSide;
import io.watershed.cut.StreamSources;
import io.watershed.cut.Waiting;
import io.watershed.cut.condition.Conditions;
import io.watershed.cut.prune.FileConditions;
import io.watershed.drill.read.UnitSources;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FilePredicate;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.drill.common.util.DrillVersionInfo;

/** One configuration's reservoir and streams, as this drillbit reaches them. Thread-safe. */
final class Water implements StreamSources, UnitSources, AutoCloseable {
  private static final String ENGINE = "Apache Drill " + DrillVersionInfo.getVersion();

  /** Footers that are read side by side. */
  private static final int FOOTER_READS = 8;

  private final WatershedConfig config;
  private final Map<String, String> environment;
  private final Reservoir reservoir;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Map<AwsAccess, KinesisStreams> kinesis = new HashMap<>();
  private final Map<String, StreamSource> sources = new HashMap<>();
  private final CutResolver cuts;
  private final LiveRangeReader ranges;
  private final Receipts receipts;

  private Water(WatershedConfig config, Map<String, String> environment) {
    this.config = config;
    this.environment = Map.copyOf(environment);
    this.reservoir = keep(Reservoir.open(config.reservoir()));
    ExecutorService footers = Executors.newFixedThreadPool(FOOTER_READS, Water::daemon);
    opened.push(footers::shutdownNow);
    RealScheduler scheduler = keep(new RealScheduler("watershed-timers"));
    this.cuts =
        new CutResolver(
            config.live(),
            scheduler,
            SplittableRandom::new,
            new FileSumsCache(footers),
            Water::noArrivals,
            Waiting::within);
    this.receipts = new Receipts(reservoir.store(), ENGINE);
    this.ranges =
        new LiveRangeReader(config.live(), scheduler, SplittableRandom::new, Waiting::within);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "watershed-footers");
    thread.setDaemon(true);
    return thread;
  }

  /** Only a cut that is chosen by a time looks into files, and none is here. */
  private static Map<ShardKey, SequenceNumber> noArrivals(List<DataFileInfo> files, Instant time) {
    throw new IllegalStateException("no cut is chosen by a time here");
  }

  /** The bounds that all live reads of one statement share. */
  LiveReads newStatement() {
    return cuts.newStatement();
  }

  /** The stream's part of a fresh cut. Blocks while the live side is read. */
  ResolvedStream resolve(String stream, LiveReads reads) {
    return cuts.resolve(side(stream), LiveMode.AUTO, Optional.empty(), LiveNeed.ALL, reads);
  }

  /** A stream's part of a receipt, as it is answered now. Blocks while the live side is read. */
  ResolvedStream repeat(PinnedStream pinned, LiveReads reads) {
    return cuts.repeat(side(pinned.stream()), pinned, LiveMode.AUTO, LiveNeed.ALL, reads);
  }

  private StreamSide side(String stream) {
    return new StreamSide(
        stream,
        reservoir.find(stream),
        find(stream),
        format(stream),
        HotTail.NONE,
        Conditions.NONE);
  }

  /** Keys of the archive's files, as of the cut, that can hold rows for which conditions hold. */
  Set<String> filesFor(ResolvedStream resolved, Conditions conditions) {
    if (resolved.state().isEmpty()) {
      return Set.of();
    }
    FilePredicate predicate =
        new FileConditions(resolved.pinned().schema(), resolved.physical()).predicate(conditions);
    Set<String> keys = new HashSet<>();
    reservoir
        .archive(resolved.stream())
        .files(resolved.state().get(), predicate)
        .forEach(file -> keys.add(file.key()));
    return keys;
  }

  /** Receipts in the reservoir. */
  Receipts receipts() {
    return receipts;
  }

  @Override
  public ObjectStore store() {
    return reservoir.store();
  }

  @Override
  public List<StreamRecord> live(
      String stream, LiveRange range, Function<ShardKey, Optional<After>> archived) {
    StreamSource source =
        find(stream)
            .orElseThrow(
                () ->
                    new WatershedException(
                        ErrorCode.CONFIG,
                        "this drillbit's configuration has no stream '" + stream + "'",
                        "Every drillbit needs the same configuration."));
    return ranges.read(source, range, archived);
  }

  /**
   * Reads the configuration; nothing is contacted.
   *
   * @throws WatershedException {@code config}
   */
  static Water open(WatershedPluginConfig plugin, Map<String, String> environment) {
    return new Water(load(plugin, environment), environment);
  }

  private static WatershedConfig load(
      WatershedPluginConfig plugin, Map<String, String> environment) {
    ConfigLoader loader = new ConfigLoader(ConfigOverrides.NONE);
    Optional<Map<String, Object>> inPlace = plugin.inPlace();
    Optional<String> named = Optional.ofNullable(plugin.config());
    if (inPlace.isPresent() && named.isPresent()) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "the storage plugin names a file and a reservoir",
          "Keep 'config', or 'reservoir' with 'streams'.");
    }
    if (inPlace.isPresent()) {
      return loader.parse(Path.of("storage-plugin.json").toAbsolutePath(), text(inPlace.get()));
    }
    return loader.load(
        Path.of(
            named
                .or(() -> Optional.ofNullable(environment.get(WatershedPluginConfig.ENVIRONMENT)))
                .orElseThrow(
                    () ->
                        new WatershedException(
                            ErrorCode.CONFIG,
                            "the storage plugin 'watershed' names no configuration",
                            "Set its 'config' to the path of watershed.yaml, or the environment"
                                + " variable "
                                + WatershedPluginConfig.ENVIRONMENT
                                + " of each drillbit."))));
  }

  private static String text(Map<String, Object> parts) {
    try {
      return new ObjectMapper().writeValueAsString(parts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was JSON is JSON", e);
    }
  }

  /** The configuration. */
  WatershedConfig config() {
    return config;
  }

  /** The reservoir. */
  Reservoir reservoir() {
    return reservoir;
  }

  /** Streams that are archived or configured. */
  StreamNames streams() {
    TreeSet<String> names = new TreeSet<>(reservoir.streams());
    names.addAll(names());
    return new StreamNames(names);
  }

  @Override
  public Optional<StreamSource> find(String stream) {
    return config.find(stream).map(this::source);
  }

  private synchronized StreamSource source(StreamConfig stream) {
    return sources.computeIfAbsent(
        stream.alias(),
        alias ->
            keep(
                kinesis(stream.access())
                    .source(
                        stream.nameOrArn(), stream.payload().documents(), stream.keepsReplayed())));
  }

  private KinesisStreams kinesis(AwsAccess access) {
    return kinesis.computeIfAbsent(
        access.orDummyKeys(environment), reached -> keep(KinesisStreams.open(reached)));
  }

  @Override
  public PayloadFormat format(String stream) {
    PayloadSettings payload = config.find(stream).orElse(config.template()).payload();
    return PayloadFormat.of(
        payload, reservoir.schemas(stream, SchemaSources.of(payload.avro()), false));
  }

  @Override
  public List<String> names() {
    return config.streams().stream().map(StreamConfig::alias).toList();
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    opened.push(closeable);
    return closeable;
  }

  @Override
  public synchronized void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("closing what a plugin had opened failed", e);
      }
    }
  }
}
