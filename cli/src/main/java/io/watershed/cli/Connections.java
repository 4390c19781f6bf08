package io.watershed.cli;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.DrillSettings;
import io.watershed.core.config.PayloadSettings;
import io.watershed.core.config.ReplaySettings;
import io.watershed.core.config.ServerSettings.Limits;
import io.watershed.core.config.StreamConfig;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.hottail.SocketFolder;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.SchemaSources;
import io.watershed.core.time.RealScheduler;
import io.watershed.cut.HotTail;
import io.watershed.cut.StreamSources;
import io.watershed.drillclient.DrillEngine;
import io.watershed.glue.GlueMirror;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamSink;
import io.watershed.kinesis.StreamSource;
import io.watershed.query.QueryEngine;
import io.watershed.query.hot.SocketHotTail;
import io.watershed.query.worker.WorkerSettings;
import io.watershed.replay.ReplayDiff;
import io.watershed.replay.Replays;
import io.watershed.reservoir.Reservoir;
import io.watershed.server.monitor.Samples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Opens what a command needs by its configuration, each thing once and only when it is asked for,
 * and closes it all in reverse order. Thread-safe.
 */
public final class Connections implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A server's own statements beside those of users: its schema, records that are browsed. */
  private static final int OWN_STATEMENTS = 2;

  private final CommandContext context;
  private final WatershedConfig config;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Map<AwsAccess, KinesisStreams> kinesis = new HashMap<>();
  private final Map<String, StreamSource> sources = new HashMap<>();
  private final Map<String, StreamSource> ownSources = new HashMap<>();
  private final Map<String, HotTail> ownTails = new ConcurrentHashMap<>();
  private Optional<SharedReads> shared = Optional.empty();
  private @Nullable Reservoir reservoir;
  private Optional<GlueMirror> mirror = Optional.empty();

  /** Of one command. */
  public Connections(CommandContext context, WatershedConfig config) {
    this.context = context;
    this.config = config;
  }

  /** The reservoir, opened when it is first asked for. */
  public synchronized Reservoir reservoir() {
    Reservoir open = reservoir;
    if (open == null) {
      open = keep(Reservoir.open(config.reservoir()));
      reservoir = open;
      Reservoir followed = open;
      mirror =
          config
              .catalog()
              .map(catalog -> keep(GlueMirror.follow(followed, catalog, context.clock())));
    }
    return open;
  }

  /** Counts how the archives' tables in Glue are doing, if there are any. */
  public synchronized void countCatalog(Samples samples) {
    mirror.ifPresent(glue -> CatalogSamples.add(samples, glue.status()));
  }

  /**
   * From here on everybody in this process who reads a stream shares its reads, with its archiver,
   * too: for servers. Before any stream is opened.
   */
  synchronized void shareReads() {
    RealScheduler timers = keep(new RealScheduler("shared-reads"));
    shared = Optional.of(new SharedReads(config.live(), config.streams().size(), timers));
  }

  /** The stream to read; closed with the rest. */
  public synchronized StreamSource source(StreamConfig stream) {
    StreamSource open = sources.get(stream.alias());
    if (open == null) {
      StreamSource own = ownSource(stream);
      open = shared.<StreamSource>map(all -> all.source(own)).orElse(own);
      sources.put(stream.alias(), open);
    }
    return open;
  }

  /**
   * The stream's own answers, shared with nobody: for who looks once at how things stand. Closed
   * with the rest.
   */
  public synchronized StreamSource ownSource(StreamConfig stream) {
    StreamSource open = ownSources.get(stream.alias());
    if (open == null) {
      open = keep(open(stream));
      ownSources.put(stream.alias(), open);
    }
    return open;
  }

  /** The stream to write to; whoever asks closes it. */
  public StreamSink sink(StreamConfig stream) {
    return kinesis(stream.access()).sink(stream.nameOrArn());
  }

  /** Another reader of a stream: one is tied to one incarnation. Closed with the rest. */
  public synchronized StreamSource newSource(StreamConfig stream) {
    return keep(open(stream));
  }

  /** The same for who reads the whole stream anyway: others may have what it reads. */
  synchronized StreamSource archivedSource(StreamConfig stream) {
    if (shared.isEmpty()) {
      return newSource(stream);
    }
    StreamSource forOthers = source(stream);
    return keep(shared.get().feeding(forOthers, open(stream)));
  }

  private StreamSource open(StreamConfig stream) {
    return kinesis(stream.access())
        .source(stream.nameOrArn(), stream.payload().documents(), stream.keepsReplayed());
  }

  /** The account and region of some streams. */
  synchronized KinesisStreams kinesis(AwsAccess access) {
    AwsAccess effective = effective(access);
    KinesisStreams open = kinesis.get(effective);
    if (open == null) {
      open = keep(KinesisStreams.open(effective));
      kinesis.put(effective, open);
    }
    return open;
  }

  /** How the stream's payloads are decoded by its archiver, which keeps the schemas of Avro. */
  PayloadFormat archivingFormat(StreamConfig stream) {
    return format(stream.alias(), stream.payload(), true);
  }

  private PayloadFormat format(String stream, PayloadSettings payload, boolean keeping) {
    return PayloadFormat.of(
        payload, reservoir().schemas(stream, SchemaSources.of(payload.avro()), keeping));
  }

  /** What SQL statements read beside the archive. */
  StreamSources streamSources() {
    return new StreamSources() {
      @Override
      public Optional<StreamSource> find(String stream) {
        return config.find(stream).map(Connections.this::source);
      }

      @Override
      public PayloadFormat format(String stream) {
        PayloadSettings payload = config.find(stream).orElse(config.template()).payload();
        return Connections.this.format(stream, payload, false);
      }

      @Override
      public HotTail hotTail(String stream) {
        HotTail own = ownTails.get(stream);
        return own != null
            ? own
            : new SocketHotTail(sockets(), reservoir().toString(), stream, config.live());
      }

      @Override
      public List<String> names() {
        return config.streams().stream().map(StreamConfig::alias).toList();
      }
    };
  }

  /**
   * An archiver of this process holds records of the stream: statements take them from there. What
   * is returned ends that.
   */
  AutoCloseable offer(String stream, HotTail tail) {
    ownTails.put(stream, tail);
    return () -> ownTails.remove(stream, tail);
  }

  /** The streams that are archived or configured. */
  public SortedSet<String> knownStreams() {
    TreeSet<String> names = new TreeSet<>(reservoir().streams());
    names.addAll(streamSources().names());
    return names;
  }

  /**
   * The archives that a command is about, by their names in the reservoir.
   *
   * @param names aliases, names or ARNs; none means all that are archived
   */
  List<String> archived(List<String> names) {
    return names.isEmpty()
        ? reservoir().streams()
        : names.stream().map(name -> config.find(name).map(s -> s.alias()).orElse(name)).toList();
  }

  /** A new engine; whoever asks closes it. */
  public QueryEngine engine() {
    return QueryEngine.open(reservoir(), streamSources(), config.sql(), config.live(), cache());
  }

  /** As {@link #engine}, but users' statements run in processes of their own. */
  public QueryEngine isolatedEngine() {
    return QueryEngine.openIsolated(
        reservoir(),
        streamSources(),
        config.sql(),
        config.live(),
        cache(),
        WorkerSettings.DEFAULTS.withSpare(false));
  }

  /**
   * As {@link #engine}, but users' statements are answered by the configured cluster of Drill.
   *
   * @throws WatershedException {@code config} if there is none
   */
  public QueryEngine drillEngine() {
    DrillSettings drill =
        config
            .drill()
            .orElseThrow(
                () ->
                    new WatershedException(
                        ErrorCode.CONFIG,
                        "No Drill is configured in " + config.where(),
                        "Add the part 'drill' with 'drillbits: [host:31010]';"
                            + " 'watershed dev drill' starts one on this machine."));
    return QueryEngine.openRemote(
        reservoir(),
        streamSources(),
        config.sql(),
        config.live(),
        cache(),
        new DrillEngine(drill, config.sql(), cache()));
  }

  /** As {@link #isolatedEngine}, for many statements at a time, and a little more for ours. */
  QueryEngine serverEngine(Limits limits) {
    return QueryEngine.openIsolated(
        reservoir(),
        streamSources(),
        config.sql(),
        shared.map(all -> all.settings(config.live())).orElse(config.live()),
        cache(),
        WorkerSettings.DEFAULTS.withMaxProcesses(limits.runningStatements() + OWN_STATEMENTS));
  }

  /** The configuration. */
  WatershedConfig config() {
    return config;
  }

  /** Replays that read through this engine. */
  public Replays replays(QueryEngine engine) {
    return Replays.of(
        reservoir(),
        engine,
        target -> sink(config.streamOrDefault(target)),
        replaySettings(),
        config.replay());
  }

  /** Compares plans with what their targets hold, through this engine. */
  ReplayDiff replayDiff(QueryEngine engine) {
    return new ReplayDiff(reservoir(), engine, cache().resolve("tmp"));
  }

  /** Bounds of this configuration's replays. */
  ReplaySettings replaySettings() {
    return ReplaySettings.DEFAULTS
        .withLease(config.replay().lease())
        .withTargetKeys((int) config.replay().targetKeys());
  }

  /** Creates the stream if it is not there, and waits until it is ready. */
  void createIfMissing(StreamConfig stream, int shards) {
    KinesisStreams streams = kinesis(stream.access());
    if (!await(streams.listStreams()).contains(stream.name())) {
      await(streams.createStream(stream.name(), shards));
      await(
          streams.awaitActive(
              stream.nameOrArn(), PATIENCE, keep(new RealScheduler("kinesis-wait"))));
    }
  }

  /** Gives the stream this many open shards, and waits until it is ready. */
  void reshard(StreamConfig stream, int shards) {
    KinesisStreams streams = kinesis(stream.access());
    await(streams.updateShardCount(stream.name(), shards));
    await(
        streams.awaitActive(stream.nameOrArn(), PATIENCE, keep(new RealScheduler("kinesis-wait"))));
  }

  /** Asks the service for the stream. */
  StreamDescription describe(StreamConfig stream) {
    return await(source(stream).describe());
  }

  /** Makes sure that the stream answers. */
  void reach(StreamSource source) {
    await(source.describe());
  }

  /** Where a replay would write, for a person to agree to. */
  String describeTarget(String target) {
    StreamConfig stream = config.streamOrDefault(target);
    KinesisStreams streams = kinesis(stream.access());
    try (StreamSink sink = streams.sink(stream.nameOrArn())) {
      return await(sink.describe()).incarnation().arn() + " (" + streams.place() + ")";
    }
  }

  /** The different ways of reaching AWS that the configuration has. */
  List<Account> accounts() {
    List<Account> accounts = new ArrayList<>();
    config.streams().stream()
        .map(StreamConfig::access)
        .map(this::effective)
        .distinct()
        .forEach(access -> accounts.add(new Account(access)));
    return accounts;
  }

  /** Waits for an answer, and turns a failure into an error for a person. */
  public static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WatershedException(ErrorCode.CANCELLED, "Interrupted", "", e);
    } catch (TimeoutException e) {
      throw new WatershedException(
          ErrorCode.UNREACHABLE,
          "No answer within " + PATIENCE.toSeconds() + " s",
          "Check the endpoint and the network.",
          e);
    } catch (ExecutionException e) {
      throw asError(e.getCause() == null ? e : e.getCause());
    }
  }

  /** The error for a person behind whatever a future failed with. */
  static WatershedException asError(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof StreamFailure stream) {
      return stream.toError();
    }
    return cause instanceof WatershedException error
        ? error
        : new WatershedException(ErrorCode.INTERNAL, String.valueOf(cause), "", cause);
  }

  @Override
  public synchronized void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        context.console().say("note: closing failed: " + e.getMessage());
      }
    }
  }

  /** An emulator takes any keys; without any on this machine, dummy ones spare an error. */
  private AwsAccess effective(AwsAccess access) {
    return access.orDummyKeys(context.environment());
  }

  /** Where archivers and statements of this user meet. */
  SocketFolder sockets() {
    String own = context.environment().get("WATERSHED_SOCKETS");
    return SocketFolder.below(
        own != null && !own.isBlank()
            ? context.folder().resolve(own)
            : Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** Folder for data files from S3, for unpacked engines and for temporary files. */
  Path cache() {
    String own = context.environment().get("WATERSHED_CACHE");
    if (own != null && !own.isBlank()) {
      return context.folder().resolve(own);
    }
    String shared = context.environment().get("XDG_CACHE_HOME");
    return shared != null && !shared.isBlank()
        ? Path.of(shared, "watershed")
        : Path.of(System.getProperty("user.home"), ".cache", "watershed");
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    opened.push(closeable);
    return closeable;
  }

  /** One way of reaching AWS. */
  final class Account {
    private final AwsAccess access;

    Account(AwsAccess access) {
      this.access = access;
    }

    String name() {
      return access.profile().map(profile -> "profile " + profile).orElse("credentials");
    }

    /** Lists the account's streams: needs a region, credentials, and the network. */
    String describe() {
      KinesisStreams streams = kinesis(access);
      return streams.place() + ", " + await(streams.listStreams()).size() + " streams";
    }
  }
}
