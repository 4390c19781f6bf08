package io.watershed.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.watershed.core.checkpoint.After;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.OrderedWriteSettings;
import io.watershed.core.config.RetrySettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.core.time.RealScheduler;
import io.watershed.localkinesis.Hostility;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Through the real SDK, over HTTP, against an endpoint in process. */
class KinesisStreamsTest {
  private static final ShardReadSettings QUICK =
      ShardReadSettings.DEFAULTS
          .withMaxReadsPerSecond(200)
          .withRetry(
              new RetrySettings(
                  30, Duration.ofSeconds(30), Duration.ofMillis(1), Duration.ofMillis(20)));

  private final RealScheduler scheduler = new RealScheduler("test");
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    scheduler.close();
    System.clearProperty("aws.sharedCredentialsFile");
    System.clearProperty("aws.configFile");
  }

  @Test
  void aStreamIsCreatedListedDescribedAndDeleted() {
    KinesisStreams streams = streams(local(LocalKinesisSettings.DEFAULTS).access());
    StreamFailure.join(streams.createStream("orders", 2));
    StreamDescription orders =
        StreamFailure.join(streams.awaitActive("orders", Duration.ofSeconds(20), scheduler));
    assertThat(orders.openShards()).isEqualTo(2);
    assertThat(orders.retention()).isEqualTo(Duration.ofHours(24));
    assertThat(orders.maxRecordBytes()).isEqualTo(1 << 20);
    assertThat(StreamFailure.join(streams.listStreams())).containsExactly("orders");
    StreamSource byArn = streams.source(orders.incarnation().arn());
    List<Shard> shards = StreamFailure.join(byArn.listShards());
    assertThat(shards).hasSize(2);
    assertThat(Lineage.of(shards).readable(Set.of())).hasSize(2);
    assertThat(shards.get(0).key().incarnation()).isEqualTo(orders.incarnation().id());
    WatershedException again = error(() -> StreamFailure.join(streams.createStream("orders", 1)));
    assertThat(again.code()).isEqualTo(ErrorCode.REFUSED);
    assertThat(again).hasMessageContaining("exists already");
    StreamFailure.join(streams.deleteStream("orders"));
    assertThat(StreamFailure.join(streams.listStreams())).isEmpty();
  }

  @Test
  void anUnknownStreamNamesTheNearestOnes() {
    LocalKinesis kinesis = local(LocalKinesisSettings.DEFAULTS);
    kinesis.createStream("orders", 1);
    kinesis.createStream("clicks", 1);
    KinesisStreams streams = streams(kinesis.access());
    WatershedException error = error(() -> StreamFailure.join(streams.source("order").describe()));
    assertThat(error.code()).isEqualTo(ErrorCode.STREAM_NOT_FOUND);
    assertThat(error)
        .hasMessageContaining("'order'")
        .hasMessageContaining("us-east-1")
        .hasMessageContaining(kinesis.endpoint().getPort() + "");
    assertThat(error.hint()).contains("Streams there: orders, clicks");
  }

  @Test
  void anEndpointThatIsDownSaysWhereAndWhatToDo() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    KinesisStreams streams = streams(AwsAccess.local(URI.create("http://127.0.0.1:" + port)));
    StreamFailure failure = failure(() -> streams.source("orders").describe().join());
    assertThat(failure.kind()).isEqualTo(StreamFailure.Kind.TRANSIENT);
    assertThat(failure.toError().code()).isEqualTo(ErrorCode.UNREACHABLE);
    assertThat(failure.toError()).hasMessageContaining("refuses connections");
    assertThat(failure.toError().hint()).contains("--endpoint-url");
  }

  @Test
  void anUnknownHostSaysSo() {
    KinesisStreams streams =
        streams(
            new AwsAccess(
                Optional.of("us-east-1"),
                Optional.of("good"),
                Optional.of(URI.create("http://kinesis.invalid:1")),
                Optional.empty(),
                Optional.empty(),
                false),
            "good");
    WatershedException error = error(() -> StreamFailure.join(streams.source("orders").describe()));
    assertThat(error.code()).isEqualTo(ErrorCode.UNREACHABLE);
    assertThat(error).hasMessageContaining("host name is unknown");
  }

  @Test
  void expiredUnknownAndPowerlessCredentialsAreToldApart() {
    LocalKinesis kinesis = local(LocalKinesisSettings.DEFAULTS);
    kinesis.createStream("orders", 1);
    WatershedException expired = describeWith(kinesis, LocalKinesis.EXPIRED_ACCESS_KEY);
    assertThat(expired.code()).isEqualTo(ErrorCode.CREDENTIALS);
    assertThat(expired).hasMessageContaining("have expired");
    assertThat(expired.hint()).contains("aws sso login --profile p");
    WatershedException unknown = describeWith(kinesis, LocalKinesis.UNKNOWN_ACCESS_KEY);
    assertThat(unknown.code()).isEqualTo(ErrorCode.CREDENTIALS);
    assertThat(unknown).hasMessageContaining("does not accept the credentials");
    WatershedException denied = describeWith(kinesis, LocalKinesis.DENIED_ACCESS_KEY);
    assertThat(denied.code()).isEqualTo(ErrorCode.ACCESS_DENIED);
    assertThat(denied).hasMessageContaining("kinesis:DescribeStreamSummary");
    assertThat(denied.hint()).contains("Allow kinesis:DescribeStreamSummary");
  }

  @Test
  void withoutCredentialsTheErrorSaysHowToGetSome() {
    LocalKinesis kinesis = local(LocalKinesisSettings.DEFAULTS);
    System.setProperty("aws.disableEc2Metadata", "true");
    try {
      profiles("[p]\n");
      KinesisStreams streams = keep(KinesisStreams.open(profileAccess(kinesis.endpoint())));
      WatershedException error =
          error(() -> StreamFailure.join(streams.source("orders").describe()));
      assertThat(error.code()).isEqualTo(ErrorCode.CREDENTIALS);
      assertThat(error.hint()).contains("aws configure");
    } finally {
      System.clearProperty("aws.disableEc2Metadata");
    }
  }

  @Test
  void anArnOfAnotherRegionIsRefusedBeforeAnyRequest() {
    profiles("[p]\naws_access_key_id=a\naws_secret_access_key=b\n");
    KinesisStreams streams =
        keep(
            KinesisStreams.open(
                new AwsAccess(
                    Optional.of("eu-central-1"),
                    Optional.of("p"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false)));
    WatershedException error =
        error(() -> streams.source("arn:aws:kinesis:us-east-1:123456789012:stream/orders"));
    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(error.hint()).contains("--region us-east-1");
    assertThatThrownBy(() -> streams.source("no stream!")).isInstanceOf(WatershedException.class);
  }

  @Test
  void aStreamThatWasCreatedAgainIsNotReadAsTheOldOne() {
    LocalKinesis kinesis = local(LocalKinesisSettings.DEFAULTS);
    kinesis.createStream("orders", 1);
    KinesisStreams streams = streams(kinesis.access());
    AtomicLong nanos = new AtomicLong();
    StreamSource source = streams.source("orders", nanos::get);
    StreamDescription first = StreamFailure.join(source.describe());
    StreamFailure.join(streams.deleteStream("orders"));
    awaitAnotherMillisecond();
    kinesis.createStream("orders", 1);
    nanos.addAndGet(Duration.ofSeconds(6).toNanos());
    StreamFailure failure =
        failure(
            () -> source.iterator("shardId-000000000000", new StartingPoint.TrimHorizon()).join());
    assertThat(failure.kind()).isEqualTo(StreamFailure.Kind.NOT_FOUND);
    assertThat(failure).hasMessageContaining("created again");
    StreamDescription second = StreamFailure.join(source.describe());
    assertThat(second.incarnation()).isNotEqualTo(first.incarnation());
    assertThat(StreamFailure.join(streams.source("orders").listShards()).get(0).key().incarnation())
        .isEqualTo(second.incarnation().id());
  }

  @Test
  void theFiveStartingPointsReachTheirRecords() {
    LocalKinesis kinesis = local(LocalKinesisSettings.DEFAULTS);
    kinesis.createStream("orders", 1);
    IntStream.range(0, 5).forEach(i -> kinesis.put("orders", "k", bytes("r" + i)));
    StreamSource source = streams(kinesis.access()).source("orders");
    List<StreamRecord> all = readAll(source, new StartingPoint.TrimHorizon());
    assertThat(texts(all)).containsExactly("r0", "r1", "r2", "r3", "r4");
    StreamRecord third = all.get(2);
    assertThat(texts(readAll(source, new StartingPoint.At(third.position().sequenceNumber()))))
        .containsExactly("r2", "r3", "r4");
    assertThat(texts(readAll(source, new StartingPoint.After(third.position().sequenceNumber()))))
        .containsExactly("r3", "r4");
    assertThat(readAll(source, new StartingPoint.Latest())).isEmpty();
    assertThat(texts(readAll(source, new StartingPoint.AtTimestamp(Instant.EPOCH)))).hasSize(5);
    assertThat(third.partitionKey()).isEqualTo("k");
  }

  @Test
  void writerAndReaderCarryEveryRecordInOrderThroughAHostileService() {
    LocalKinesis kinesis =
        local(
            LocalKinesisSettings.DEFAULTS
                .withEnforceLimits(false)
                .withHostility(Hostility.everything(11).withPartialFailureRate(0.2)));
    kinesis.createStream("orders", 3);
    KinesisStreams streams = streams(kinesis.access());
    List<Integer> acknowledged = new CopyOnWriteArrayList<>();
    OrderedWriteSettings settings =
        OrderedWriteSettings.DEFAULTS
            .withQuotaShare(Double.POSITIVE_INFINITY)
            .withRetry(
                new RetrySettings(
                    100, Duration.ofSeconds(60), Duration.ofMillis(1), Duration.ofMillis(10)));
    OrderedWriter<Integer> writer =
        StreamFailure.join(
            OrderedWriter.open(
                streams.sink("orders"),
                settings,
                scheduler,
                new Random(5),
                (token, written) -> acknowledged.add(token)));
    Map<String, List<String>> expected = new HashMap<>();
    for (int i = 0; i < 3_000; i++) {
      String key = "key" + i % 97;
      expected.computeIfAbsent(key, k -> new ArrayList<>()).add("r" + i);
      StreamFailure.join(writer.write(new PutEntry(key, Optional.empty(), bytes("r" + i)), i));
    }
    StreamFailure.join(writer.flush());
    assertThat(acknowledged).isEqualTo(IntStream.range(0, 3_000).boxed().toList());
    WriteStatistics statistics = writer.statistics();
    assertThat(statistics.acknowledged()).isEqualTo(3_000);
    assertThat(statistics.retried()).as("it was hostile").isPositive();
    assertThat(statistics.bufferedRecords()).isZero();

    assertThat(firstAppearances(streams.source("orders"))).isEqualTo(expected);
  }

  @Test
  void anEndpointThatGoesAwayWhileReadingIsGivenUpWithinTheBound() {
    LocalKinesis kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS);
    kinesis.createStream("orders", 1);
    StreamSource source = streams(kinesis.access()).source("orders");
    ShardReader reader =
        ShardReader.open(
            source,
            "shardId-000000000000",
            new StartingPoint.TrimHorizon(),
            QUICK.withRetry(
                new RetrySettings(
                    4, Duration.ofSeconds(20), Duration.ofMillis(1), Duration.ofMillis(5))),
            scheduler,
            new Random(1));
    assertThat(StreamFailure.join(reader.next()).atTip()).isTrue();
    kinesis.close();
    WatershedException error = error(() -> StreamFailure.join(reader.next()));
    assertThat(error.code()).isEqualTo(ErrorCode.UNREACHABLE);
    assertThat(error).hasMessageContaining("gave up after 4 attempts");
  }

  @Test
  void aCheckpointTrimmedOverHttpIsAGap() {
    LocalKinesis kinesis = local(LocalKinesisSettings.DEFAULTS);
    kinesis.createStream("orders", 1);
    IntStream.range(0, 6).forEach(i -> kinesis.put("orders", "k", bytes("r" + i)));
    StreamSource source = streams(kinesis.access()).source("orders");
    List<StreamRecord> all = readAll(source, new StartingPoint.TrimHorizon());
    StreamRecord second = all.get(1);
    assertThat(resume(source, second).gap()).isEmpty();
    kinesis.expireOldest("orders", "shardId-000000000000", 4);
    ResumingShardReader reader = resume(source, second);
    assertThat(reader.gap()).isPresent();
    assertThat(texts(StreamFailure.join(reader.next()).records())).containsExactly("r4", "r5");
  }

  private ResumingShardReader resume(StreamSource source, StreamRecord checkpoint) {
    return StreamFailure.join(
        ResumingShardReader.open(
            source,
            checkpoint.shard(),
            new After.At(checkpoint.position()),
            Optional.of(checkpoint.arrivalTime()),
            Optional.of(checkpoint.arrivalTime()),
            Duration.ofHours(24),
            QUICK,
            scheduler,
            new Random(1)));
  }

  private Map<String, List<String>> firstAppearances(StreamSource source) {
    Map<String, List<String>> byKey = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (Shard shard : StreamFailure.join(listing(source))) {
      for (StreamRecord record :
          readAll(source, shard.key().shardId(), new StartingPoint.TrimHorizon())) {
        String text = new String(record.payload(), StandardCharsets.UTF_8);
        if (seen.add(text)) {
          byKey.computeIfAbsent(record.partitionKey(), k -> new ArrayList<>()).add(text);
        }
      }
    }
    return byKey;
  }

  private CompletableFuture<List<Shard>> listing(StreamSource source) {
    return new Retries(QUICK.retry(), scheduler, new Random(3)).call(source::listShards);
  }

  private List<StreamRecord> readAll(StreamSource source, StartingPoint point) {
    return readAll(source, "shardId-000000000000", point);
  }

  private List<StreamRecord> readAll(StreamSource source, String shardId, StartingPoint point) {
    ShardReader reader = ShardReader.open(source, shardId, point, QUICK, scheduler, new Random(2));
    List<StreamRecord> records = new ArrayList<>();
    while (true) {
      ReadBatch batch = StreamFailure.join(reader.next());
      records.addAll(batch.records());
      if (batch.atTip()) {
        return records;
      }
    }
  }

  private WatershedException describeWith(LocalKinesis kinesis, String accessKey) {
    profiles("[p]\naws_access_key_id=" + accessKey + "\naws_secret_access_key=secret\n");
    KinesisStreams streams = keep(KinesisStreams.open(profileAccess(kinesis.endpoint())));
    return error(() -> StreamFailure.join(streams.source("orders").describe()));
  }

  private static AwsAccess profileAccess(URI endpoint) {
    return new AwsAccess(
        Optional.of("us-east-1"),
        Optional.of("p"),
        Optional.of(endpoint),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  @TempDir Path folder;

  private void profiles(String text) {
    try {
      Path credentials = Files.writeString(folder.resolve("credentials"), text);
      Path config = Files.writeString(folder.resolve("config"), "");
      System.setProperty("aws.sharedCredentialsFile", credentials.toString());
      System.setProperty("aws.configFile", config.toString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private LocalKinesis local(LocalKinesisSettings settings) {
    return keep(LocalKinesis.start(settings));
  }

  private KinesisStreams streams(AwsAccess access) {
    return keep(KinesisStreams.open(access));
  }

  private KinesisStreams streams(AwsAccess access, String profile) {
    profiles("[" + profile + "]\naws_access_key_id=a\naws_secret_access_key=b\n");
    return streams(access);
  }

  private <T extends AutoCloseable> T keep(T resource) {
    open.add(resource);
    return resource;
  }

  private static WatershedException error(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(WatershedException.class, call);
  }

  private static StreamFailure failure(Runnable call) {
    return StreamFailure.of(org.assertj.core.api.Assertions.catchThrowable(call::run));
  }

  /** A stream's creation time has milliseconds: another one is another incarnation. */
  private static void awaitAnotherMillisecond() {
    long start = System.currentTimeMillis();
    while (System.currentTimeMillis() == start) {
      Thread.onSpinWait();
    }
  }

  private static List<String> texts(List<StreamRecord> records) {
    return records.stream()
        .map(record -> new String(record.payload(), StandardCharsets.UTF_8))
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
