package io.watershed.localkinesis;

import static io.watershed.localkinesis.TestClients.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/**
 * What clients of Kinesis rely on, through the real SDK. It runs against this endpoint in both
 * formats and against an emulator of another team; where the two differ, {@link Difference} says
 * which is right and why, and the suite checks that each does what is recorded of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConformanceSuite {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final BigInteger MAX_HASH = BigInteger.TWO.pow(128).subtract(BigInteger.ONE);

  private final AtomicInteger streams = new AtomicInteger();
  private KinesisAsyncClient client;
  private URI endpoint;

  /** Starts what is tested, and returns where it is. */
  abstract URI startTarget() throws Exception;

  abstract void stopTarget();

  abstract WireFormat format();

  /** Whether this is our endpoint, not the other one. */
  abstract boolean isOurs();

  @BeforeAll
  void start() throws Exception {
    endpoint = startTarget();
    client = TestClients.to(endpoint, format(), "test");
  }

  @AfterAll
  void stop() {
    if (client != null) {
      client.close();
    }
    stopTarget();
  }

  // Streams

  @Test
  void aNewStreamIsDescribedAndListed() {
    String name = newStream(2);
    StreamDescriptionSummary summary = summary(name);
    assertThat(summary.streamName()).isEqualTo(name);
    assertThat(summary.streamARN())
        .isEqualTo("arn:aws:kinesis:us-east-1:000000000000:stream/" + name);
    assertThat(summary.openShardCount()).isEqualTo(2);
    assertThat(summary.retentionPeriodHours()).isEqualTo(24);
    assertThat(summary.streamCreationTimestamp())
        .isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(600));
    assertThat(get(client.listStreams()).streamNames()).contains(name);
    assertThat(
            get(client.describeStream(r -> r.streamARN(summary.streamARN())))
                .streamDescription()
                .shards())
        .hasSize(2);
  }

  @Test
  void aNameIsTakenOnlyOnceAndFreeAfterDeletion() {
    String name = newStream(1);
    assertThatThrownBy(() -> get(client.createStream(r -> r.streamName(name).shardCount(1))))
        .isInstanceOf(ResourceInUseException.class);
    Instant first = summary(name).streamCreationTimestamp();
    get(client.deleteStream(r -> r.streamName(name)));
    await(() -> isGone(name));
    get(client.createStream(r -> r.streamName(name).shardCount(1)));
    awaitActive(name);
    assertThat(summary(name).streamCreationTimestamp()).isAfter(first);
  }

  @Test
  void anUnknownStreamIsNotFound() {
    assertNotFound(() -> get(client.describeStreamSummary(r -> r.streamName("nowhere"))));
    assertNotFound(() -> get(client.describeStream(r -> r.streamName("nowhere"))));
    assertNotFound(() -> get(client.listShards(r -> r.streamName("nowhere"))));
    assertNotFound(() -> get(client.deleteStream(r -> r.streamName("nowhere"))));
    assertNotFound(() -> put("nowhere", "k", "x"));
    assertNotFound(() -> iterator("nowhere", "shardId-000000000000", ShardIteratorType.LATEST));
  }

  @Test
  void anUnknownShardIsNotFound() {
    String name = newStream(1);
    assertNotFound(() -> iterator(name, "shardId-000000000009", ShardIteratorType.LATEST));
  }

  @Test
  void listStreamsPagesByName() {
    String first = newStream(1);
    String second = newStream(1);
    newStream(1);
    var page = get(client.listStreams(r -> r.limit(1).exclusiveStartStreamName(first)));
    assertThat(page.streamNames()).containsExactly(second);
    assertThat(page.hasMoreStreams()).isTrue();
  }

  @Test
  void retentionRisesAndFallsWithinItsBounds() {
    String name = newStream(1);
    get(client.increaseStreamRetentionPeriod(r -> r.streamName(name).retentionPeriodHours(48)));
    awaitActive(name);
    assertThat(summary(name).retentionPeriodHours()).isEqualTo(48);
    get(client.decreaseStreamRetentionPeriod(r -> r.streamName(name).retentionPeriodHours(24)));
    awaitActive(name);
    assertThat(summary(name).retentionPeriodHours()).isEqualTo(24);
    assertInvalid(
        () ->
            get(
                client.increaseStreamRetentionPeriod(
                    r -> r.streamName(name).retentionPeriodHours(8_761))));
    assertInvalid(
        () ->
            get(
                client.decreaseStreamRetentionPeriod(
                    r -> r.streamName(name).retentionPeriodHours(48))));
  }

  // Records

  @Test
  void bytesComeBackAsTheyWerePut() {
    String name = newStream(1);
    byte[] everyByte = new byte[256];
    IntStream.range(0, 256).forEach(i -> everyByte[i] = (byte) i);
    byte[] large = new byte[100_000];
    Arrays.fill(large, (byte) 0xC3);
    List<byte[]> payloads =
        List.of(everyByte, large, new byte[] {0}, "ü{".getBytes(StandardCharsets.UTF_8));
    List<String> keys = List.of("a", "ключ", "\uD83D\uDE00", "k".repeat(256));
    for (int i = 0; i < payloads.size(); i++) {
      byte[] payload = payloads.get(i);
      String key = keys.get(i);
      get(
          client.putRecord(
              r -> r.streamName(name).partitionKey(key).data(SdkBytes.fromByteArray(payload))));
    }
    List<Record> records = readAll(name, "shardId-000000000000");
    assertThat(records).extracting(r -> r.data().asByteArray()).containsExactlyElementsOf(payloads);
    assertThat(records).extracting(Record::partitionKey).containsExactlyElementsOf(keys);
    assertThat(records)
        .allSatisfy(
            entry ->
                assertThat(entry.approximateArrivalTimestamp())
                    .isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(600)));
  }

  @Test
  void anEmptyPayloadIsARecord() {
    String name = newStream(1);
    put(name, "k", "");
    assertThat(readAll(name, "shardId-000000000000"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.data().asByteArray()).isEmpty());
  }

  @Test
  void sequenceNumbersRiseInAShardAndHave56Digits() {
    String name = newStream(1);
    List<BigInteger> numbers = new ArrayList<>();
    for (int batch = 0; batch < 3; batch++) {
      putAll(name, "k", "a", "b", "c").records().stream()
          .map(entry -> new BigInteger(entry.sequenceNumber()))
          .forEach(numbers::add);
    }
    assertThat(numbers).isSorted().doesNotHaveDuplicates();
    assertThat(numbers).allMatch(number -> number.toString().length() == 56);
    assertThat(readAll(name, "shardId-000000000000"))
        .extracting(entry -> new BigInteger(entry.sequenceNumber()))
        .containsExactlyElementsOf(numbers);
    BigInteger start =
        new BigInteger(shards(name).get(0).sequenceNumberRange().startingSequenceNumber());
    assertThat(numbers.get(0)).isGreaterThanOrEqualTo(start);
  }

  @Test
  void shardsTileTheHashSpaceAndKeysGoToTheShardOfTheirMd5() throws Exception {
    String name = newStream(3);
    List<Shard> shards = shards(name);
    assertTiles(shards);
    for (String key : List.of("a", "b", "c", "ключ", "order-17")) {
      BigInteger hash =
          new BigInteger(
              1, MessageDigest.getInstance("MD5").digest(key.getBytes(StandardCharsets.UTF_8)));
      assertThat(put(name, key, "x").shardId()).isEqualTo(holder(shards, hash).shardId());
    }
  }

  @Test
  void anExplicitHashKeyChoosesTheShard() {
    String name = newStream(2);
    PutRecordsResponse put =
        get(
            client.putRecords(
                r ->
                    r.streamName(name)
                        .records(
                            entry("k", "low").toBuilder().explicitHashKey("0").build(),
                            entry("k", "high").toBuilder()
                                .explicitHashKey(MAX_HASH.toString())
                                .build())));
    assertThat(put.failedRecordCount()).isZero();
    assertThat(put.records())
        .extracting(PutRecordsResultEntry::shardId)
        .containsExactly("shardId-000000000000", "shardId-000000000001");
    assertThat(readAll(name, "shardId-000000000001"))
        .extracting(entry -> entry.data().asUtf8String())
        .containsExactly("high");
  }

  @Test
  void putsThatBreakTheModelAreRefusedAsAWhole() {
    String name = newStream(1);
    assertRefused(() -> put(name, "k".repeat(257), "x"));
    assertRefused(
        () ->
            get(
                client.putRecord(
                    r ->
                        r.streamName(name)
                            .partitionKey("k")
                            .explicitHashKey(MAX_HASH.add(BigInteger.ONE).toString())
                            .data(SdkBytes.fromUtf8String("x")))));
    assertThat(readAll(name, "shardId-000000000000")).isEmpty();
  }

  @Test
  void aRequestPutsAtMost500Records() {
    String name = newStream(1);
    PutRecordsRequestEntry[] tooMany = new PutRecordsRequestEntry[501];
    Arrays.fill(tooMany, entry("k", "x"));
    Runnable call = () -> get(client.putRecords(r -> r.streamName(name).records(tooMany)));
    expect(Difference.RECORDS_IN_A_REQUEST, () -> assertRefused(call), call);
  }

  @Test
  void aRecordIsAtMostOneMebibyteUnlessTheStreamAllowsMore() {
    String name = newStream(1);
    put(name, "k", "x".repeat((1 << 20) - 1));
    Runnable tooLarge = () -> put(name, "k", "x".repeat(1 << 20));
    expect(Difference.RECORD_SIZE, () -> assertRefused(tooLarge), tooLarge);
  }

  // Iterators

  @Test
  void trimHorizonStartsAtTheOldestAndLatestAfterTheNewest() {
    String name = newStream(1);
    putAll(name, "k", "1", "2");
    String latest = iterator(name, "shardId-000000000000", ShardIteratorType.LATEST);
    assertThat(texts(read(latest))).isEmpty();
    putAll(name, "k", "3");
    assertThat(texts(read(latest))).containsExactly("3");
    assertThat(texts(readAll(name, "shardId-000000000000"))).containsExactly("1", "2", "3");
  }

  @Test
  void aSequenceNumberIsIncludedByAtAndExcludedByAfter() {
    String name = newStream(1);
    String second = putAll(name, "k", "1", "2", "3").records().get(1).sequenceNumber();
    assertThat(texts(read(numbered(name, ShardIteratorType.AT_SEQUENCE_NUMBER, second))))
        .containsExactly("2", "3");
    assertThat(texts(read(numbered(name, ShardIteratorType.AFTER_SEQUENCE_NUMBER, second))))
        .containsExactly("3");
  }

  @Test
  void theStartingNumberOfAShardIsAPositionToo() {
    String name = newStream(1);
    putAll(name, "k", "1", "2");
    String start = shards(name).get(0).sequenceNumberRange().startingSequenceNumber();
    assertThat(texts(read(numbered(name, ShardIteratorType.AT_SEQUENCE_NUMBER, start))))
        .containsExactly("1", "2");
  }

  @Test
  void aTimeStartsAtTheFirstRecordFromThen() {
    String name = newStream(1);
    putAll(name, "k", "old");
    Instant old = readAll(name, "shardId-000000000000").get(0).approximateArrivalTimestamp();
    await(() -> Instant.now().isAfter(old.plusMillis(5)));
    putAll(name, "k", "new");
    assertThat(texts(read(timed(name, old.plusMillis(2))))).containsExactly("new");
    assertThat(texts(read(timed(name, old)))).containsExactly("old", "new");
    assertThat(texts(read(timed(name, old.minusSeconds(60))))).containsExactly("old", "new");
  }

  @Test
  void aTimeInTheFutureIsRefused() {
    String name = newStream(1);
    Runnable future = () -> timed(name, Instant.now().plusSeconds(3_600));
    expect(Difference.FUTURE_TIMESTAMP, () -> assertInvalid(future), future);
  }

  @Test
  void aSequenceNumberOfAnotherShardIsRefused() {
    String name = newStream(2);
    PutRecordResponse put = putHashed(name, MAX_HASH, "x");
    assertThat(put.shardId()).isEqualTo("shardId-000000000001");
    Runnable foreign =
        () -> numbered(name, ShardIteratorType.AT_SEQUENCE_NUMBER, put.sequenceNumber());
    expect(Difference.FOREIGN_SEQUENCE_NUMBER, () -> assertInvalid(foreign), foreign);
  }

  @Test
  void aSequenceNumberThatIsNoneIsRefused() {
    String name = newStream(1);
    Runnable none = () -> numbered(name, ShardIteratorType.AT_SEQUENCE_NUMBER, "12345");
    expect(Difference.FOREIGN_SEQUENCE_NUMBER, () -> assertInvalid(none), none);
  }

  @Test
  void anIteratorThatIsNoneIsRefused() {
    Runnable none = () -> read("AAAAAAAAAAGQ");
    expect(
        Difference.INVALID_ITERATOR,
        () -> assertInvalid(none),
        () ->
            assertThatThrownBy(none::run)
                .isInstanceOfSatisfying(
                    KinesisException.class, e -> assertThat(e.statusCode()).isEqualTo(500)));
  }

  // Reads

  @Test
  void aLimitedReadGoesOnWhereItEndedAndTellsHowFarBehindItIs() {
    String name = newStream(1);
    putAll(name, "k", "1", "2", "3", "4", "5");
    Instant first = firstArrival(name); // asked once: a shard allows five reads a second
    await(() -> Instant.now().isAfter(first.plusMillis(5)));
    String start = iterator(name, "shardId-000000000000", ShardIteratorType.TRIM_HORIZON);
    GetRecordsResponse two = get(client.getRecords(r -> r.shardIterator(start).limit(2)));
    assertThat(texts(two)).containsExactly("1", "2");
    expect(
        Difference.MILLIS_BEHIND_LATEST,
        () -> assertThat(two.millisBehindLatest()).isPositive(),
        () -> assertThat(two.millisBehindLatest()).isZero());
    GetRecordsResponse rest = read(two.nextShardIterator());
    assertThat(texts(rest)).containsExactly("3", "4", "5");
    assertThat(rest.millisBehindLatest()).isZero();
    assertThat(texts(read(rest.nextShardIterator()))).isEmpty();
  }

  @Test
  void anIteratorCanBeReadTwice() {
    String name = newStream(1);
    putAll(name, "k", "1", "2");
    String start = iterator(name, "shardId-000000000000", ShardIteratorType.TRIM_HORIZON);
    assertThat(texts(read(start))).containsExactly("1", "2");
    assertThat(texts(read(start))).containsExactly("1", "2");
  }

  @Test
  void aLimitOutOfBoundsIsRefused() {
    String name = newStream(1);
    String start = iterator(name, "shardId-000000000000", ShardIteratorType.TRIM_HORIZON);
    assertRefused(() -> get(client.getRecords(r -> r.shardIterator(start).limit(10_001))));
  }

  // Resharding

  @Test
  void aSplitShardIsReadToItsEndAndNamesItsChildren() {
    String name = newStream(1);
    PutRecordResponse before = put(name, "k", "before");
    split(name, "shardId-000000000000");
    PutRecordResponse after = put(name, "k", "after");
    List<Shard> shards = shards(name);
    assertThat(shards).hasSize(3);
    List<Shard> children = shards.subList(1, 3);
    assertThat(children).allMatch(s -> s.parentShardId().equals("shardId-000000000000"));
    assertTiles(children);
    assertThat(new BigInteger(after.sequenceNumber()))
        .isGreaterThan(new BigInteger(before.sequenceNumber()));
    GetRecordsResponse end = readToEnd(name, "shardId-000000000000");
    assertThat(end.nextShardIterator()).isNull();
    assertThat(end.childShards())
        .extracting(child -> child.shardId())
        .containsExactlyInAnyOrder("shardId-000000000001", "shardId-000000000002");
    assertThat(end.childShards())
        .allMatch(child -> child.parentShards().equals(List.of("shardId-000000000000")));
    assertThat(texts(readAll(name, after.shardId()))).containsExactly("after");
  }

  @Test
  void aClosedShardHasAnEndingNumberAboveItsRecordsAndBelowItsChildren() {
    String name = newStream(1);
    BigInteger record = new BigInteger(put(name, "k", "x").sequenceNumber());
    split(name, "shardId-000000000000");
    List<Shard> shards = shards(name);
    BigInteger ending = new BigInteger(shards.get(0).sequenceNumberRange().endingSequenceNumber());
    BigInteger childStart =
        new BigInteger(shards.get(1).sequenceNumberRange().startingSequenceNumber());
    expect(
        Difference.ENDING_SEQUENCE_NUMBER,
        () -> assertThat(ending).isBetween(record.add(BigInteger.ONE), childStart),
        () -> assertThat(ending).isEqualTo(BigInteger.valueOf(Long.MAX_VALUE)));
    assertThat(shards.get(1).sequenceNumberRange().endingSequenceNumber()).isNull();
  }

  @Test
  void twoAdjacentShardsMergeIntoOneWithTwoParents() {
    String name = newStream(3);
    assertInvalid(() -> merge(name, "shardId-000000000000", "shardId-000000000002"));
    merge(name, "shardId-000000000000", "shardId-000000000001");
    awaitActive(name);
    Shard child =
        shards(name).stream()
            .filter(s -> s.shardId().equals("shardId-000000000003"))
            .findFirst()
            .orElseThrow();
    assertThat(List.of(child.parentShardId(), child.adjacentParentShardId()))
        .containsExactlyInAnyOrder("shardId-000000000000", "shardId-000000000001");
    GetRecordsResponse end = readToEnd(name, "shardId-000000000001");
    assertThat(end.nextShardIterator()).isNull();
    assertThat(end.childShards())
        .singleElement()
        .satisfies(
            s -> {
              assertThat(s.shardId()).isEqualTo("shardId-000000000003");
              assertThat(s.parentShards())
                  .containsExactlyInAnyOrder("shardId-000000000000", "shardId-000000000001");
            });
  }

  @Test
  void aClosedShardCannotBeSplitAgain() {
    String name = newStream(1);
    split(name, "shardId-000000000000");
    assertThatThrownBy(() -> split(name, "shardId-000000000000"))
        .isInstanceOf(KinesisException.class);
  }

  @Test
  void aSplitOutsideTheShardIsRefused() {
    String name = newStream(2);
    assertInvalid(
        () ->
            get(
                client.splitShard(
                    r ->
                        r.streamName(name)
                            .shardToSplit("shardId-000000000000")
                            .newStartingHashKey(MAX_HASH.toString()))));
  }

  @Test
  void updateShardCountEndsInUniformOpenShards() {
    String name = newStream(2);
    get(
        client.updateShardCount(
            r -> r.streamName(name).targetShardCount(3).scalingType(ScalingType.UNIFORM_SCALING)));
    awaitActive(name);
    assertThat(summary(name).openShardCount()).isEqualTo(3);
    List<Shard> open = filtered(name, ShardFilterType.AT_LATEST);
    assertThat(open).hasSize(3);
    assertTiles(open);
    expect(
        Difference.UPDATE_SHARD_COUNT_LINEAGE,
        () -> assertThat(open).allMatch(s -> s.parentShardId() != null),
        () -> assertThat(open).anyMatch(s -> s.parentShardId() == null));
  }

  // Listings

  @Test
  void listShardsFiltersByAgeAndPosition() {
    String name = newStream(1);
    split(name, "shardId-000000000000");
    assertThat(ids(filtered(name, ShardFilterType.AT_LATEST)))
        .containsExactly("shardId-000000000001", "shardId-000000000002");
    assertThat(ids(filtered(name, ShardFilterType.FROM_TRIM_HORIZON)))
        .containsExactly("shardId-000000000000", "shardId-000000000001", "shardId-000000000002");
    assertThat(
            ids(
                get(client.listShards(
                        r ->
                            r.streamName(name)
                                .shardFilter(
                                    f ->
                                        f.type(ShardFilterType.AFTER_SHARD_ID)
                                            .shardId("shardId-000000000001"))))
                    .shards()))
        .containsExactly("shardId-000000000002");
    assertThat(
            ids(
                get(client.listShards(
                        r -> r.streamName(name).exclusiveStartShardId("shardId-000000000000")))
                    .shards()))
        .containsExactly("shardId-000000000001", "shardId-000000000002");
  }

  @Test
  void atTrimHorizonAreTheShardsThatWereOpenThen() {
    String name = newStream(1);
    await(() -> Instant.now().isAfter(summary(name).streamCreationTimestamp().plusMillis(5)));
    split(name, "shardId-000000000000");
    List<String> atTrimHorizon = ids(filtered(name, ShardFilterType.AT_TRIM_HORIZON));
    expect(
        Difference.AT_TRIM_HORIZON,
        () -> assertThat(atTrimHorizon).containsExactly("shardId-000000000000"),
        () -> assertThat(atTrimHorizon).hasSize(3));
  }

  @Test
  void listShardsPagesByToken() {
    String name = newStream(3);
    ListShardsResponse first = get(client.listShards(r -> r.streamName(name).maxResults(2)));
    assertThat(ids(first.shards())).containsExactly("shardId-000000000000", "shardId-000000000001");
    ListShardsResponse second =
        get(client.listShards(r -> r.nextToken(first.nextToken()).maxResults(2)));
    assertThat(ids(second.shards())).containsExactly("shardId-000000000002");
    assertThat(second.nextToken()).isNull();
    assertInvalid(
        () -> get(client.listShards(r -> r.streamName(name).nextToken(first.nextToken()))));
  }

  // Protocol

  @Test
  void aRequestWithoutASignatureIsRefused() throws Exception {
    HttpResponse<String> answer = raw("Kinesis_20131202.ListStreams", "{}");
    assertThat(answer.statusCode()).isBetween(400, 403);
    assertThat(answer.body()).contains("MissingAuthenticationToken");
  }

  // What tests are made of

  private void expect(Difference difference, Runnable ours, Runnable theirs) {
    try {
      (isOurs() ? ours : theirs).run();
    } catch (AssertionError e) {
      throw new AssertionError("not what is recorded of " + difference, e);
    }
  }

  private String newStream(int shards) {
    String name = String.format("conformance-%03d", streams.incrementAndGet());
    get(client.createStream(r -> r.streamName(name).shardCount(shards)));
    awaitActive(name);
    return name;
  }

  private StreamDescriptionSummary summary(String name) {
    return get(client.describeStreamSummary(r -> r.streamName(name))).streamDescriptionSummary();
  }

  private void awaitActive(String name) {
    await(() -> summary(name).streamStatus() == StreamStatus.ACTIVE);
  }

  private boolean isGone(String name) {
    try {
      summary(name);
      return false;
    } catch (ResourceNotFoundException e) {
      return true;
    }
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + PATIENCE);
      }
      Thread.onSpinWait();
    }
  }

  private PutRecordResponse put(String name, String key, String text) {
    return get(
        client.putRecord(
            r -> r.streamName(name).partitionKey(key).data(SdkBytes.fromUtf8String(text))));
  }

  private PutRecordResponse putHashed(String name, BigInteger hash, String text) {
    return get(
        client.putRecord(
            r ->
                r.streamName(name)
                    .partitionKey("k")
                    .explicitHashKey(hash.toString())
                    .data(SdkBytes.fromUtf8String(text))));
  }

  private PutRecordsResponse putAll(String name, String key, String... texts) {
    PutRecordsResponse put =
        get(
            client.putRecords(
                r ->
                    r.streamName(name)
                        .records(Arrays.stream(texts).map(text -> entry(key, text)).toList())));
    assertThat(put.failedRecordCount()).isZero();
    return put;
  }

  private static PutRecordsRequestEntry entry(String key, String text) {
    return PutRecordsRequestEntry.builder()
        .partitionKey(key)
        .data(SdkBytes.fromUtf8String(text))
        .build();
  }

  private String iterator(String name, String shardId, ShardIteratorType type) {
    return get(client.getShardIterator(
            r -> r.streamName(name).shardId(shardId).shardIteratorType(type)))
        .shardIterator();
  }

  private String numbered(String name, ShardIteratorType type, String sequenceNumber) {
    return get(client.getShardIterator(
            r ->
                r.streamName(name)
                    .shardId("shardId-000000000000")
                    .shardIteratorType(type)
                    .startingSequenceNumber(sequenceNumber)))
        .shardIterator();
  }

  private String timed(String name, Instant time) {
    return get(client.getShardIterator(
            r ->
                r.streamName(name)
                    .shardId("shardId-000000000000")
                    .shardIteratorType(ShardIteratorType.AT_TIMESTAMP)
                    .timestamp(time)))
        .shardIterator();
  }

  private GetRecordsResponse read(String iterator) {
    return get(client.getRecords(r -> r.shardIterator(iterator)));
  }

  private List<Record> readAll(String name, String shardId) {
    return read(iterator(name, shardId, ShardIteratorType.TRIM_HORIZON)).records();
  }

  /** The last answer before the iterators of a closed shard end; some answers may be empty. */
  private GetRecordsResponse readToEnd(String name, String shardId) {
    GetRecordsResponse answer = read(iterator(name, shardId, ShardIteratorType.TRIM_HORIZON));
    for (int i = 0; i < 3 && answer.nextShardIterator() != null; i++) {
      answer = read(answer.nextShardIterator());
    }
    return answer;
  }

  private Instant firstArrival(String name) {
    return readAll(name, "shardId-000000000000").get(0).approximateArrivalTimestamp();
  }

  private List<Shard> shards(String name) {
    return get(client.listShards(r -> r.streamName(name))).shards();
  }

  private List<Shard> filtered(String name, ShardFilterType type) {
    return get(client.listShards(r -> r.streamName(name).shardFilter(f -> f.type(type)))).shards();
  }

  private void split(String name, String shardId) {
    Shard shard =
        shards(name).stream().filter(s -> s.shardId().equals(shardId)).findFirst().orElseThrow();
    BigInteger middle = first(shard).add(last(shard)).shiftRight(1);
    get(
        client.splitShard(
            r -> r.streamName(name).shardToSplit(shardId).newStartingHashKey(middle.toString())));
    awaitActive(name);
  }

  private void merge(String name, String first, String second) {
    get(
        client.mergeShards(
            r -> r.streamName(name).shardToMerge(first).adjacentShardToMerge(second)));
  }

  private static BigInteger first(Shard shard) {
    return new BigInteger(shard.hashKeyRange().startingHashKey());
  }

  private static BigInteger last(Shard shard) {
    return new BigInteger(shard.hashKeyRange().endingHashKey());
  }

  private static Shard holder(List<Shard> shards, BigInteger hash) {
    return shards.stream()
        .filter(s -> first(s).compareTo(hash) <= 0 && hash.compareTo(last(s)) <= 0)
        .findFirst()
        .orElseThrow();
  }

  private static void assertTiles(List<Shard> shards) {
    List<Shard> sorted = shards.stream().sorted((a, b) -> first(a).compareTo(first(b))).toList();
    assertThat(first(sorted.get(0))).isZero();
    for (int i = 1; i < sorted.size(); i++) {
      assertThat(first(sorted.get(i))).isEqualTo(last(sorted.get(i - 1)).add(BigInteger.ONE));
    }
    assertThat(last(sorted.get(sorted.size() - 1))).isEqualTo(MAX_HASH);
  }

  private static List<String> ids(List<Shard> shards) {
    return shards.stream().map(Shard::shardId).sorted().toList();
  }

  private static List<String> texts(GetRecordsResponse answer) {
    return texts(answer.records());
  }

  private static List<String> texts(List<Record> records) {
    return records.stream().map(entry -> entry.data().asUtf8String()).toList();
  }

  private static void assertNotFound(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(ResourceNotFoundException.class);
  }

  private static void assertInvalid(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(InvalidArgumentException.class);
  }

  /** Refused, whatever the type: the service itself is not consistent here. */
  private static void assertRefused(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            KinesisException.class, e -> assertThat(e.statusCode()).isBetween(400, 499));
  }

  private HttpResponse<String> raw(String target, String body) throws Exception {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return http.send(
        HttpRequest.newBuilder(endpoint)
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.1")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
