package io.watershed.bench;

import io.watershed.aws.AwsConnection;
import io.watershed.bench.BenchResult.Better;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.AwsClientSettings;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * How fast the local endpoint gives and takes records of 1 KB, limits off, through one AWS SDK
 * client (CBOR, Netty, HTTP/1.1) in the same process. The reference is the same client against a
 * server that only replays recorded answers.
 */
final class LocalKinesisBenchmark implements Benchmark {
  static final double GET_GOAL_MB_PER_SECOND = 100;
  static final double PUT_GOAL_MB_PER_SECOND = 40;

  private static final int RECORD_BYTES = 1_024;
  private static final int SHARDS = 4;
  private static final int PUT_RECORDS = 500;
  private static final int PUTS_IN_FLIGHT = 4;
  private static final int READ_LIMIT = 5_000;
  private static final String STREAM = "bench";

  @Override
  public String name() {
    return "local-kinesis";
  }

  @Override
  public String description() {
    return "GetRecords and PutRecords of the local Kinesis endpoint, through the AWS SDK";
  }

  @Override
  public BenchReport run(BenchContext context) throws Exception {
    List<BenchResult> results = new ArrayList<>();
    try (LocalKinesis kinesis =
        LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withEnforceLimits(false))) {
      kinesis.createStream(STREAM, SHARDS);
      results.add(puts(context, kinesis));
      results.add(gets(context, kinesis));
    }
    return new BenchReport(
        name(),
        results,
        List.of(
            "MB are 10^6 payload bytes; client and server share the processors.",
            "The reference is the same client against a server that replays recorded answers."));
  }

  private static BenchResult puts(BenchContext context, LocalKinesis kinesis) throws Exception {
    List<PutRecordsRequest> requests = requests();
    int rounds = context.quick() ? 8 : 200;
    context.progress().accept("PutRecords against the local endpoint");
    double figure;
    try (Client client = Client.to(kinesis.endpoint())) {
      figure =
          Rounds.of(context)
              .median(
                  () -> {
                    double speed = putRound(client.kinesis(), requests, rounds);
                    kinesis.expire(STREAM, Instant.now().plusSeconds(1));
                    return speed;
                  });
    }
    context.progress().accept("PutRecords against the reference");
    double reference;
    try (ReplayServer replay = ReplayServer.start(kinesis.endpoint());
        Client client = Client.to(replay.endpoint())) {
      reference = Rounds.of(context).median(() -> putRound(client.kinesis(), requests, rounds));
    }
    return new BenchResult(
        "PutRecords, CBOR, 1 KB records",
        figure,
        "MB/s",
        Better.HIGHER,
        OptionalDouble.of(reference),
        "same client, replaying server",
        OptionalDouble.of(PUT_GOAL_MB_PER_SECOND));
  }

  /** Puts with a few requests in flight; returns MB/s. */
  private static double putRound(
      KinesisAsyncClient client, List<PutRecordsRequest> requests, int count) {
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    List<CompletableFuture<Void>> lanes = new ArrayList<>();
    for (int lane = 0; lane < PUTS_IN_FLIGHT; lane++) {
      lanes.add(putLane(client, requests, next, count));
    }
    lanes.forEach(CompletableFuture::join);
    return megabytesPerSecond((long) count * PUT_RECORDS * RECORD_BYTES, start);
  }

  private static CompletableFuture<Void> putLane(
      KinesisAsyncClient client, List<PutRecordsRequest> requests, AtomicInteger next, int count) {
    int number = next.getAndIncrement();
    if (number >= count) {
      return CompletableFuture.completedFuture(null);
    }
    return client
        .putRecords(requests.get(number % requests.size()))
        .thenCompose(
            answer -> {
              if (answer.failedRecordCount() != 0) {
                throw new IllegalStateException("records were refused with limits off");
              }
              return putLane(client, requests, next, count);
            });
  }

  private static BenchResult gets(BenchContext context, LocalKinesis kinesis) throws Exception {
    int perShard = context.quick() ? READ_LIMIT : 10 * READ_LIMIT;
    fill(kinesis, perShard);
    context.progress().accept("GetRecords against the local endpoint");
    double figure;
    try (Client client = Client.to(kinesis.endpoint())) {
      figure = Rounds.of(context).median(() -> getRound(client.kinesis(), perShard));
    }
    context.progress().accept("GetRecords against the reference");
    double reference;
    try (ReplayServer replay = ReplayServer.start(kinesis.endpoint());
        Client client = Client.to(replay.endpoint())) {
      reference = Rounds.of(context).median(() -> getRound(client.kinesis(), perShard));
    }
    return new BenchResult(
        "GetRecords, CBOR, 1 KB records",
        figure,
        "MB/s",
        Better.HIGHER,
        OptionalDouble.of(reference),
        "same client, replaying server",
        OptionalDouble.of(GET_GOAL_MB_PER_SECOND));
  }

  /** Reads every shard from its start, all at once; returns MB/s. */
  private static double getRound(KinesisAsyncClient client, int perShard) {
    LongAdder bytes = new LongAdder();
    long start = System.nanoTime();
    List<CompletableFuture<Void>> shards = new ArrayList<>();
    for (int shard = 0; shard < SHARDS; shard++) {
      String shardId = String.format("shardId-%012d", shard);
      shards.add(
          client
              .getShardIterator(
                  r ->
                      r.streamName(STREAM)
                          .shardId(shardId)
                          .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
              .thenCompose(answer -> getLane(client, answer.shardIterator(), perShard, bytes)));
    }
    shards.forEach(CompletableFuture::join);
    return megabytesPerSecond(bytes.sum(), start);
  }

  private static CompletableFuture<Void> getLane(
      KinesisAsyncClient client, String iterator, int remaining, LongAdder bytes) {
    if (remaining <= 0) {
      return CompletableFuture.completedFuture(null);
    }
    return client
        .getRecords(r -> r.shardIterator(iterator).limit(READ_LIMIT))
        .thenCompose(
            answer -> {
              bytes.add(payloadBytes(answer));
              return getLane(
                  client, answer.nextShardIterator(), remaining - answer.records().size(), bytes);
            });
  }

  private static long payloadBytes(GetRecordsResponse answer) {
    return answer.records().stream()
        .mapToLong(entry -> entry.data().asByteArrayUnsafe().length)
        .sum();
  }

  private static void fill(LocalKinesis kinesis, int perShard) {
    kinesis.expire(STREAM, Instant.now().plusSeconds(1));
    int[] held = new int[SHARDS];
    int full = 0;
    byte[] payload = payload(new Random(1));
    for (int i = 0; full < SHARDS; i++) {
      String shardId = kinesis.put(STREAM, "key-" + i, payload).shardId();
      int shard = Integer.parseInt(shardId.substring("shardId-".length()));
      held[shard]++;
      full += held[shard] == perShard ? 1 : 0;
    }
  }

  private static List<PutRecordsRequest> requests() {
    Random random = new Random(7);
    List<PutRecordsRequest> requests = new ArrayList<>();
    for (int i = 0; i < PUTS_IN_FLIGHT; i++) {
      List<PutRecordsRequestEntry> entries = new ArrayList<>(PUT_RECORDS);
      for (int j = 0; j < PUT_RECORDS; j++) {
        entries.add(
            PutRecordsRequestEntry.builder()
                .partitionKey("key-" + i + "-" + j)
                .data(SdkBytes.fromByteArrayUnsafe(payload(random)))
                .build());
      }
      requests.add(PutRecordsRequest.builder().streamName(STREAM).records(entries).build());
    }
    return requests;
  }

  private static byte[] payload(Random random) {
    byte[] payload = new byte[RECORD_BYTES];
    random.nextBytes(payload);
    return payload;
  }

  private static double megabytesPerSecond(long bytes, long startNanos) {
    return bytes / 1e6 / ((System.nanoTime() - startNanos) / 1e9);
  }

  /** The SDK as watershed itself sets it up. */
  private record Client(AwsConnection connection, KinesisAsyncClient kinesis)
      implements AutoCloseable {
    static Client to(URI endpoint) {
      AwsConnection connection =
          AwsConnection.open(AwsAccess.local(endpoint), AwsClientSettings.DEFAULTS);
      return new Client(connection, connection.configure(KinesisAsyncClient.builder()).build());
    }

    @Override
    public void close() {
      kinesis.close();
      connection.close();
    }
  }
}
