package io.watershed.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiveService;
import io.watershed.archive.ArchivedStream;
import io.watershed.archive.StopSignal;
import io.watershed.archive.StreamStatus;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.ConfigLoader;
import io.watershed.core.config.ConfigOverrides;
import io.watershed.core.config.ReplaySettings;
import io.watershed.core.config.ServerSettings;
import io.watershed.core.config.ServerSettings.Limits;
import io.watershed.core.config.ServerToken;
import io.watershed.core.config.SqlEngine;
import io.watershed.core.config.StreamConfig;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.scratch.ScratchFolder;
import io.watershed.core.time.RealScheduler;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.kinesis.StreamSource;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import io.watershed.query.QueryEngine;
import io.watershed.query.worker.WorkerSettings;
import io.watershed.replay.ReplayControls;
import io.watershed.replay.ReplayDiff;
import io.watershed.replay.Replays;
import io.watershed.reservoir.Reservoir;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * A server over a real reservoir and a Kinesis endpoint in this process: of the stream {@code
 * orders}, records 0 to 299 are archived and 300 to 399 are in the stream only. One for all tests
 * that do not change it.
 */
final class ServerFixture implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  static final int ARCHIVED = 300;
  static final int ALL = 400;
  static final String HOSTILE = "<script>alert(1)</script>";

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static ServerFixture shared;

  final LocalKinesis kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS);
  final ScratchFolder folder = ScratchFolder.temporary("server-test");
  final KinesisStreams streams = KinesisStreams.open(kinesis.access());
  final RealScheduler scheduler = new RealScheduler("server-test");
  final WatershedConfig config;
  final Reservoir reservoir;
  final StreamSource orders;
  final QueryEngine engine;
  final Replays replays;

  private ServerFixture() throws Exception {
    config =
        new ConfigLoader(ConfigOverrides.NONE)
            .parse(
                folder.path().resolve("watershed.yaml"),
                """
                reservoir: reservoir
                aws: {region: us-east-1, endpoint_url: "%s", local_credentials: true}
                defaults: {sql_memory: 256MB, replay_lease: 2s}
                streams:
                  orders: {}
                  copies: {}
                """
                    .formatted(kinesis.endpoint()));
    kinesis.createStream("orders", 2);
    kinesis.createStream("copies", 1);
    reservoir = Reservoir.open(config.reservoir().root().toString(), AwsAccess.DEFAULT);
    orders = streams.source("orders");
    put(0, ARCHIVED);
    try (ArchiveService service =
        new ArchiveService(
            reservoir,
            List.of(new ArchivedStream("orders", () -> streams.source("orders"))),
            config.template().archive(),
            Clock.systemUTC())) {
      service.run(ArchiveMode.ONCE, new StopSignal());
    }
    put(ARCHIVED, ALL);
    Path cache = Files.createDirectory(folder.path().resolve("cache"));
    engine =
        QueryEngine.openIsolated(
            reservoir,
            sources(),
            config.sql(),
            config.live(),
            cache,
            WorkerSettings.DEFAULTS.withMaxProcesses(4));
    replays =
        Replays.of(
            reservoir,
            engine,
            target -> streams.sink(config.streamOrDefault(target).nameOrArn()),
            replaySettings(),
            config.replay());
  }

  /** One for all test classes; ends with the JVM. */
  static synchronized ServerFixture shared() throws Exception {
    if (shared == null) {
      ServerFixture fixture = new ServerFixture();
      Runtime.getRuntime().addShutdownHook(new Thread(fixture::close));
      shared = fixture;
    }
    return shared;
  }

  private void put(int from, int until) {
    for (int i = from; i < until; i++) {
      String payload =
          "{\"id\":%d,\"big\":9007199254740993,\"status\":\"%s\",\"note\":\"%s\"}"
              .formatted(i, i % 7 == 0 ? "failed" : "paid", HOSTILE);
      kinesis.put("orders", "key-" + i % 10, payload.getBytes(StandardCharsets.UTF_8));
    }
  }

  private StreamSources sources() {
    return new StreamSources() {
      @Override
      public Optional<StreamSource> find(String stream) {
        return stream.equals("orders") ? Optional.of(orders) : Optional.empty();
      }

      @Override
      public List<String> names() {
        return config.streams().stream().map(StreamConfig::alias).toList();
      }
    };
  }

  ReplaySettings replaySettings() {
    return ReplaySettings.DEFAULTS.withLease(config.replay().lease());
  }

  /** A server of its own over the shared parts. */
  Running serve(Limits limits, List<ServerToken> tokens) throws Exception {
    return serve(limits, tokens, Optional.empty());
  }

  /** The same, with Flight SQL at this address. */
  Running serve(Limits limits, List<ServerToken> tokens, Optional<InetSocketAddress> flight)
      throws Exception {
    Path own = Files.createTempDirectory(folder.path(), "server-");
    ServerSettings settings =
        new ServerSettings(
            "127.0.0.1:0",
            Optional.empty(),
            Optional.empty(),
            tokens,
            own.resolve("audit.ndjson"),
            limits);
    return new Running(
        WatershedServer.open(backend(own), settings, ListenAddress.parse("0").resolve(), flight),
        own);
  }

  Running serve() throws Exception {
    return serve(Limits.DEFAULTS.withRate(100_000, 100_000), List.of());
  }

  private Backend backend(Path own) {
    return new Backend() {
      @Override
      public WatershedConfig config() {
        return config;
      }

      @Override
      public Reservoir reservoir() {
        return reservoir;
      }

      @Override
      public StreamSources streamSources() {
        return sources();
      }

      @Override
      public SortedSet<String> knownStreams() {
        TreeSet<String> known = new TreeSet<>(reservoir.streams());
        known.addAll(sources().names());
        return known;
      }

      @Override
      public QueryEngine engine() {
        return engine;
      }

      @Override
      public QueryEngine engine(SqlEngine which) {
        if (which == SqlEngine.DRILL) {
          throw new WatershedException(ErrorCode.CONFIG, "No Drill is configured", "Add it.");
        }
        return engine;
      }

      @Override
      public Replays replays() {
        return replays;
      }

      @Override
      public ReplayControls replayControls() {
        return new ReplayControls(reservoir.store(), replaySettings(), scheduler);
      }

      @Override
      public ReplayDiff replayDiff() {
        return new ReplayDiff(reservoir, engine, own);
      }

      @Override
      public List<StreamStatus> archivers() {
        return List.of();
      }

      @Override
      public Path temporary() {
        return own;
      }

      @Override
      public Clock clock() {
        return Clock.systemUTC();
      }

      @Override
      public String version() {
        return "test";
      }
    };
  }

  @Override
  public void close() {
    engine.close();
    orders.close();
    streams.close();
    kinesis.close();
    reservoir.close();
    scheduler.close();
    folder.close();
  }

  /** One server that listens. */
  record Running(WatershedServer server, Path folder) implements AutoCloseable {
    URI at(String path) {
      return URI.create(server.address() + (path.startsWith("/api") ? "" : "/api/v1") + path);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
      return CLIENT.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
      return send(with(HttpRequest.newBuilder(at(path)), headers));
    }

    JsonNode json(String path) throws Exception {
      HttpResponse<String> answer = get(path);
      if (answer.statusCode() != 200) {
        throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
      }
      return JSON.readTree(answer.body());
    }

    HttpResponse<String> post(String path, Object body, String... headers) throws Exception {
      String text = body instanceof String string ? string : JSON.writeValueAsString(body);
      return send(
          with(
              HttpRequest.newBuilder(at(path))
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(text)),
              headers));
    }

    HttpResponse<String> delete(String path, String... headers) throws Exception {
      return send(with(HttpRequest.newBuilder(at(path)).DELETE(), headers));
    }

    private static HttpRequest.Builder with(HttpRequest.Builder request, String... headers) {
      return headers.length == 0 ? request : request.headers(headers);
    }

    /** Runs a statement and waits for its end. */
    JsonNode run(String sql) throws Exception {
      String id = submit(Map.of("sql", sql));
      return awaitEnd(id);
    }

    String submit(Map<String, Object> body) throws Exception {
      HttpResponse<String> answer = post("/statements", body);
      if (answer.statusCode() != 201) {
        throw new AssertionError(answer.statusCode() + " " + answer.body());
      }
      return JSON.readTree(answer.body()).path("id").asText();
    }

    JsonNode awaitEnd(String id) throws Exception {
      JsonNode statement = json("/statements/" + id + "?wait=20");
      while (List.of("queued", "running").contains(statement.path("state").asText())) {
        statement = json("/statements/" + id + "?wait=20");
      }
      return statement;
    }

    @Override
    public void close() {
      server.close();
    }
  }

  /** Waits for something that happens in the background. */
  static void await(BooleanSupplier condition) throws InterruptedException {
    long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - until > 0) {
        throw new AssertionError("it did not happen within a minute");
      }
      Thread.sleep(20);
    }
  }
}
