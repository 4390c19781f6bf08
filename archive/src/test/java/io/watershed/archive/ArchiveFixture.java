package io.watershed.archive;

import io.watershed.archive.encode.Encoder;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.RetrySettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.time.RealScheduler;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.kinesis.StreamSource;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.TableState;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/**
 * The real parts around an archiver: an endpoint, a reservoir in a folder, an encoder, and a reader
 * of the files that is not ours (plain DuckDB over what the table lists).
 */
final class ArchiveFixture implements AutoCloseable {
  static final String STREAM = "orders";

  static final ShardReadSettings FAST_READS =
      new ShardReadSettings(
          10_000,
          10_000,
          Duration.ofMillis(2),
          Duration.ofMillis(20),
          25,
          Duration.ofSeconds(1),
          new RetrySettings(
              40, Duration.ofSeconds(20), Duration.ofMillis(1), Duration.ofMillis(20)));

  static final ArchiveSettings FAST =
      ArchiveSettings.DEFAULTS
          .withCommitInterval(Duration.ofMillis(50))
          .withListInterval(Duration.ofMillis(50))
          .withFence(3, Duration.ofHours(1), Duration.ofMillis(50))
          .withRetry(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofSeconds(20));

  /** A clock that tests set forward. */
  static final class TestClock extends Clock implements InstantSource {
    private volatile Duration offset = Duration.ZERO;

    void forward(Duration by) {
      offset = offset.plus(by);
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(offset);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  final TestClock clock = new TestClock();
  final LocalKinesis kinesis;
  final KinesisStreams streams;
  final Reservoir reservoir;
  final Path root;
  final Path scratch;

  /** Costs a second to start, and is the same for every test. */
  private static final Encoder ENCODER =
      new Encoder(EncoderSettings.DEFAULTS, SchemaSettings.DEFAULTS, PayloadFormat.JSON);

  private KinesisAsyncClient client;
  private final ExecutorService blocking = Executors.newCachedThreadPool();
  private final List<RealScheduler> schedulers = new ArrayList<>();
  private final List<StreamArchiver> archivers = new ArrayList<>();

  ArchiveFixture(Path folder) {
    this(folder, s -> s);
  }

  ArchiveFixture(Path folder, UnaryOperator<LocalKinesisSettings> endpoint) {
    root = folder.resolve("reservoir");
    scratch = folder;
    kinesis =
        LocalKinesis.start(
            endpoint.apply(
                LocalKinesisSettings.DEFAULTS.withEnforceLimits(false).withClock(clock)));
    streams = KinesisStreams.open(kinesis.access());
    reservoir = Reservoir.open(root.toString(), AwsAccess.DEFAULT);
  }

  URI endpoint() {
    return kinesis.endpoint();
  }

  KinesisAsyncClient client() {
    if (client == null) {
      client =
          KinesisAsyncClient.builder()
              .endpointOverride(kinesis.endpoint())
              .region(Region.US_EAST_1)
              .credentialsProvider(
                  StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
              .httpClientBuilder(NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1))
              .build();
    }
    return client;
  }

  // ---- the stream

  void createStream(int shards) {
    kinesis.createStream(STREAM, shards);
  }

  void put(int from, int to) {
    for (int i = from; i < to; i++) {
      put("key-" + i % 17, "{\"n\":" + i + ",\"name\":\"record " + i + "\"}");
    }
  }

  void put(String key, String payload) {
    put(key, payload.getBytes(StandardCharsets.UTF_8));
  }

  void put(String key, byte[] payload) {
    kinesis.put(STREAM, key, payload);
  }

  // ---- the archiver

  StreamArchiver archiver() {
    return archiver(FAST, s -> s);
  }

  StreamArchiver archiver(ArchiveSettings settings, UnaryOperator<CommitFiles> files) {
    return archiver(settings, reservoir, files);
  }

  StreamArchiver archiver(ArchiveSettings settings, Supplier<StreamSource> sources) {
    return archiver(settings, reservoir, files -> files, sources);
  }

  StreamArchiver archiver(
      ArchiveSettings settings, Reservoir where, UnaryOperator<CommitFiles> files) {
    return archiver(settings, where, files, () -> streams.source(STREAM));
  }

  private StreamArchiver archiver(
      ArchiveSettings settings,
      Reservoir where,
      UnaryOperator<CommitFiles> files,
      Supplier<StreamSource> sources) {
    RealScheduler timers = new RealScheduler("archive-test-" + schedulers.size());
    schedulers.add(timers);
    io.watershed.core.time.Scheduler scheduler =
        new io.watershed.core.time.Scheduler() {
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
        };
    StreamArchiver archiver =
        new StreamArchiver(
            new ArchiverParts(
                STREAM,
                sources,
                () -> where.createOrLoad(STREAM),
                files.apply(new EncodedFiles(ENCODER::encode, scratch)),
                settings,
                FAST_READS,
                MemoryShare.alone(settings.buffers().streamBytes()),
                scheduler,
                blocking,
                new java.util.Random(7)));
    archivers.add(archiver);
    return archiver;
  }

  /** Runs a new archiver to the tip, as a cron job does. */
  StreamOutcome once() {
    return outcome(archiver().start(ArchiveMode.ONCE));
  }

  static StreamOutcome outcome(CompletableFuture<StreamOutcome> running) {
    try {
      return running.get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the archiver did not end", e);
    }
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("never: " + what);
      }
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  // ---- what is archived

  ArchiveTable table() {
    return reservoir.find(STREAM).orElseThrow();
  }

  TableState state() {
    return table().load();
  }

  List<DataFileInfo> files() {
    return table().files(state());
  }

  /** One archived row, as another reader sees it. */
  record Row(String incarnation, String shard, String sequence, String key, String payload) {}

  List<Row> rows() {
    List<DataFileInfo> files = files();
    if (files.isEmpty()) {
      return List.of();
    }
    StringBuilder list = new StringBuilder();
    for (DataFileInfo file : files) {
      list.append(list.isEmpty() ? "" : ",")
          .append("'")
          .append(root.resolve(file.key()))
          .append("'");
    }
    List<Row> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT _incarnation, _shard_id, _sequence_number, _partition_key,"
                    + " hex(_payload) FROM read_parquet(["
                    + list
                    + "], union_by_name=true) ORDER BY 1, 2, 3")) {
      while (found.next()) {
        rows.add(
            new Row(
                found.getString(1),
                found.getString(2),
                found.getString(3),
                found.getString(4),
                new String(
                    java.util.HexFormat.of().parseHex(found.getString(5)),
                    StandardCharsets.ISO_8859_1)));
      }
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
    return rows;
  }

  /** The numbers in the payloads that {@link #put(int, int)} made, sorted, repeats included. */
  List<Integer> numbers() {
    return rows().stream()
        .map(row -> Integer.parseInt(row.payload().replaceAll("^\\{\"n\":(\\d+),.*$", "$1")))
        .sorted()
        .toList();
  }

  static List<Integer> range(int from, int to) {
    return java.util.stream.IntStream.range(from, to).boxed().toList();
  }

  @Override
  public void close() {
    archivers.forEach(StreamArchiver::abandon);
    schedulers.forEach(RealScheduler::close);
    blocking.shutdownNow();
    if (client != null) {
      client.close();
    }
    streams.close();
    kinesis.close();
    reservoir.close();
  }
}
