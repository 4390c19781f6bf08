package io.watershed.query;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.time.RealScheduler;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.kinesis.StreamSource;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import io.watershed.query.worker.WorkerSettings;
import io.watershed.reservoir.Reservoir;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** A local Kinesis, a reservoir in a folder, and an engine over both. */
final class Water implements AutoCloseable {
  static final LiveReadSettings LIVE =
      new LiveReadSettings(
          100_000, 64L << 20, Duration.ofSeconds(20), Duration.ofMillis(1), 10_000, 3);

  final LocalKinesis kinesis;
  final KinesisStreams streams;
  final Reservoir reservoir;
  final TestArchiver archiver;
  final Path folder;
  final Map<String, StreamSource> sources = new TreeMap<>();
  final QueryEngine engine;
  final RealScheduler timers = new RealScheduler("test-timers");

  Water(Path folder, String... names) {
    this(folder, SqlSettings.DEFAULTS, names);
  }

  Water(Path folder, SqlSettings settings, String... names) {
    this.folder = folder;
    kinesis =
        LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withPort(0).withEnforceLimits(false));
    streams = KinesisStreams.open(kinesis.access());
    reservoir = Reservoir.open(folder.resolve("reservoir").toString(), AwsAccess.DEFAULT);
    archiver = new TestArchiver(reservoir, folder.resolve("encoded"));
    for (String name : names) {
      kinesis.createStream(name, 2);
      sources.put(name, streams.source(name));
    }
    engine =
        QueryEngine.open(
            reservoir, StreamSources.of(sources), settings, LIVE, folder.resolve("cache"));
  }

  /** Another engine over the same streams, with a process for each statement; close it. */
  QueryEngine isolated(SqlSettings settings, WorkerSettings workers) {
    return QueryEngine.openIsolated(
        reservoir, StreamSources.of(sources), settings, LIVE, folder.resolve("cache"), workers);
  }

  StreamSource source(String stream) {
    return sources.get(stream);
  }

  void put(String stream, String key, String payload) {
    kinesis.put(stream, key, payload.getBytes(StandardCharsets.UTF_8));
  }

  /** Puts {"id": first..last, "amount": id * 1.5}. */
  void putOrders(String stream, int first, int last) {
    for (int id = first; id <= last; id++) {
      put(stream, "user-" + id % 7, "{\"id\":" + id + ",\"amount\":" + id * 1.5 + "}");
    }
  }

  void archive(String stream) throws Exception {
    archiver.archiveAll(stream, source(stream));
  }

  Answer ask(String sql) {
    return ask(SqlRequest.of(sql));
  }

  Answer ask(SqlRequest request) {
    return ask(engine, request);
  }

  static Answer ask(QueryEngine engine, SqlRequest request) {
    Answer answer = new Answer();
    answer.outcome = engine.execute(request, answer);
    return answer;
  }

  /** Splits a shard in the middle of its hash range. */
  void split(String stream, String shardId) throws Exception {
    try (KinesisAsyncClient client = client()) {
      var shard =
          client.listShards(r -> r.streamName(stream)).get().shards().stream()
              .filter(s -> s.shardId().equals(shardId))
              .findFirst()
              .orElseThrow();
      var first = new java.math.BigInteger(shard.hashKeyRange().startingHashKey());
      var last = new java.math.BigInteger(shard.hashKeyRange().endingHashKey());
      client
          .splitShard(
              r ->
                  r.streamName(stream)
                      .shardToSplit(shardId)
                      .newStartingHashKey(first.add(last).shiftRight(1).toString()))
          .get();
    }
    streams.awaitActive(stream, Duration.ofSeconds(20), timers).get();
  }

  private KinesisAsyncClient client() {
    return KinesisAsyncClient.builder()
        .endpointOverride(URI.create(kinesis.endpoint().toString()))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClientBuilder(NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1))
        .build();
  }

  @Override
  public void close() {
    engine.close();
    timers.close();
    reservoir.close();
    streams.close();
    kinesis.close();
  }

  /** A result in memory. */
  static class Answer implements ResultSink {
    List<ResultColumn> columns = List.of();
    final List<List<@Nullable Object>> rows = new ArrayList<>();
    QueryOutcome outcome;

    @Override
    public void begin(List<ResultColumn> names) {
      columns = names;
    }

    @Override
    public void row(@Nullable Object[] values) {
      rows.add(new ArrayList<>(Arrays.asList(values.clone())));
    }

    @Override
    public void end(QueryOutcome end) {}

    Object single() {
      return rows.get(0).get(0);
    }

    String receipt() {
      return outcome.receipt().id();
    }
  }
}
