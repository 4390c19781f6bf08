package io.watershed.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiveService;
import io.watershed.archive.ArchivedStream;
import io.watershed.archive.StopSignal;
import io.watershed.archive.StreamOutcome;
import io.watershed.archive.verify.Verify;
import io.watershed.archive.verify.VerifyDepth;
import io.watershed.archive.verify.VerifyReport;
import io.watershed.consumer.AppliedVersions;
import io.watershed.consumer.LastWriterWins;
import io.watershed.consumer.Position;
import io.watershed.consumer.ReceivedRecord;
import io.watershed.core.aggregate.AggregateWriter;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.AvroSettings;
import io.watershed.core.config.AvroSettings.Frame;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.PayloadSettings;
import io.watershed.core.config.ReplayGuards;
import io.watershed.core.config.ReplaySettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.time.RealScheduler;
import io.watershed.cut.LiveMode;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.kinesis.StreamSource;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import io.watershed.query.QueryEngine;
import io.watershed.query.RecordScan;
import io.watershed.query.ScanRequest;
import io.watershed.replay.ReplayOutcome.Ending;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.replays.StoredReplay;
import io.watershed.reservoir.replays.StoredReplays;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archive, replay, archive again: with the real archiver, view and endpoint. */
class RoundTripTest {
  private static final int COUNT = 600;

  @TempDir Path folder;

  private LocalKinesis kinesis;
  private KinesisStreams streams;
  private StreamSource orders;
  private StreamSource again;
  private Reservoir reservoir;
  private QueryEngine engine;
  private RealScheduler scheduler;
  private Replays replays;

  @BeforeEach
  void open() {
    kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS);
    kinesis.createStream("orders", 2);
    kinesis.createStream("again", 3);
    streams = KinesisStreams.open(kinesis.access());
    orders = streams.source("orders");
    again = streams.source("again");
    reservoir = Reservoir.open(folder.resolve("reservoir").toString(), AwsAccess.DEFAULT);
    engine =
        QueryEngine.open(
            reservoir,
            StreamSources.of(Map.of("orders", orders, "again", again)),
            SqlSettings.DEFAULTS,
            LiveReadSettings.DEFAULTS,
            folder.resolve("cache"));
    scheduler = new RealScheduler("replay-test");
    replays =
        Replays.of(
            reservoir,
            engine,
            streams::sink,
            ReplaySettings.DEFAULTS,
            ReplayGuards.DEFAULTS,
            scheduler,
            new SecureRandom());
  }

  @AfterEach
  void close() {
    engine.close();
    reservoir.close();
    orders.close();
    again.close();
    streams.close();
    kinesis.close();
    scheduler.close();
  }

  @Test
  void whatIsReplayedAndArchivedAgainEqualsTheOriginalRecordByRecord() {
    putOrders();
    assertThat(archive("orders").records()).isEqualTo(COUNT);
    ReplayPlan plan = replays.plan(request("orders", "again"));
    assertThat(plan.counts().records()).isEqualTo(COUNT);

    ReplayOutcome outcome = replays.run(plan, ReplayListener.NONE, () -> false);

    assertThat(outcome.error()).isEmpty();
    assertThat(outcome.ending()).isEqualTo(Ending.FINISHED);
    assertThat(outcome.orderViolations()).isZero();
    StoredReplay stored = new StoredReplays(reservoir.store()).list().get(0);
    assertThat(stored.hash()).isEqualTo(plan.hash());
    assertThat(stored.receipt()).isEqualTo(plan.receipt());
    assertThat(stored.records()).isEqualTo(COUNT);
    assertThat(stored.progress().orElseThrow().state()).isEqualTo("FINISHED");
    assertThat(stored.progress().orElseThrow().acknowledged()).isEqualTo(COUNT);
    AuditReport audit = replays.audit(plan, again);
    assertThat(audit).isEqualTo(new AuditReport(COUNT, COUNT, 0, 0, 0, 0, 0, 0));

    assertThat(archive("again").records()).isEqualTo(COUNT);
    assertThat(perKey("again")).isEqualTo(perKey("orders"));

    ReplayPlan back = replays.plan(request("again", "orders").allowingSource());
    assertThat(back.to().isSource())
        .isFalse(); // "again" is archived apart: orders is not its source
    replays.run(back, ReplayListener.NONE, () -> false);
    StreamOutcome returned = archive("orders");
    assertThat(returned.records()).as("copies of copies come back to their origin").isZero();
    assertThat(returned.skipped()).isEqualTo(COUNT);
  }

  /** What an archive decodes payloads as changes nothing of what is replayed. */
  @ParameterizedTest
  @ValueSource(strings = {"csv", "avro", "raw"})
  void payloadsThatAreArchivedAsAnotherFormatComeBackAsTheyWere(String format) throws Exception {
    Path schema = folder.resolve("order.avsc");
    Files.writeString(
        schema,
        "{\"type\":\"record\",\"name\":\"o\",\"fields\":[{\"name\":\"n\",\"type\":\"long\"}]}");
    PayloadFormat decoder =
        PayloadFormat.of(
            PayloadSettings.DEFAULTS
                .withFormat(format)
                .withAvro(
                    new AvroSettings(
                        Frame.NONE, Optional.of(schema), Optional.empty(), Optional.empty())));
    for (int i = 0; i < 50; i++) {
      byte[] payload =
          format.equals("avro")
              ? new byte[] {(byte) (2 * i)} // a long is a zigzag varint
              : (i + ";paid,\"Köln\"\n").getBytes(UTF_8);
      kinesis.put("orders", "key-" + i % 7, payload);
    }
    archive("orders", decoder);

    ReplayOutcome outcome =
        replays.run(replays.plan(request("orders", "again")), ReplayListener.NONE, () -> false);

    assertThat(outcome.acknowledged()).isEqualTo(50);
    assertThat(archive("again", decoder).records()).isEqualTo(50);
    assertThat(perKey("again")).isEqualTo(perKey("orders"));
    assertThat(perKey("orders").values().stream().mapToInt(List::size).sum()).isEqualTo(50);
  }

  @Test
  void aReplayOntoTheSourceIsCountedAndNotArchivedAgain() {
    putOrders();
    archive("orders");
    ReplayPlan plan = replays.plan(request("orders", "orders").where("n < 100").allowingSource());
    assertThat(plan.to().isSource()).isTrue();
    assertThat(plan.counts().records()).isBetween(30L, 100L);

    assertThat(replays.run(plan, ReplayListener.NONE, () -> false).ending())
        .isEqualTo(Ending.FINISHED);

    assertThat(scan("orders", LiveMode.REQUIRE)).hasSize(COUNT); // the live side skips them
    StreamOutcome returned = archive("orders");
    assertThat(returned.records()).isZero();
    assertThat(returned.skipped()).isEqualTo(plan.counts().records());
    VerifyReport proof =
        new Verify(reservoir, InstantSource.system())
            .run("orders", VerifyDepth.ROWS, Optional.of(orders));
    assertThat(proof.ok()).as(proof.toString()).isTrue();
    assertThat(scan("orders", LiveMode.REQUIRE)).hasSize(COUNT);
  }

  @Test
  void whatOverwritesWinsOverWhatWasLiveAndLosesToWhatComesAfter() {
    for (int i = 0; i < 40; i++) {
      kinesis.put("orders", "key-" + i % 20, ("{\"good\":" + i + "}").getBytes(UTF_8));
    }
    archive("orders");
    for (int i = 0; i < 20; i++) {
      kinesis.put("orders", "key-" + i, ("{\"bad\":" + i + "}").getBytes(UTF_8));
    }
    kinesis.scaleTo("orders", 4); // so that open shards are empty when the run begins
    ReplayPlan plan =
        replays.plan(
            request("orders", "orders")
                .allowingSource()
                .delivered(Delivery.DEFAULT.overwriting(true)));

    stopAfter(10, plan);
    for (int i = 0; i < 5; i++) {
      kinesis.put("orders", "key-" + i, ("{\"new\":" + i + "}").getBytes(UTF_8));
    }
    ReplayOutcome outcome = replays.run(plan, ReplayListener.NONE, () -> false);

    assertThat(outcome.error()).isEmpty();
    assertThat(outcome.acknowledged()).isEqualTo(40);
    Map<String, String> states = states();
    for (int i = 0; i < 20; i++) {
      assertThat(states)
          .containsEntry("key-" + i, i < 5 ? "{\"new\":" + i + "}" : "{\"good\":" + (i + 20) + "}");
    }
  }

  @Test
  void onlyTheNewestRecordOfAKeyIsReplayedOntoTheSourceWhenSupersededOnesAreSkipped() {
    for (int i = 0; i < 40; i++) {
      kinesis.put("orders", "key-" + i % 20, ("{\"n\":" + i + "}").getBytes(UTF_8));
    }
    archive("orders");
    for (int i = 0; i < 5; i++) {
      kinesis.put("orders", "key-" + i, "{}".getBytes(UTF_8));
    }
    kinesis.scaleTo("orders", 4);
    for (int i = 5; i < 10; i++) {
      kinesis.put("orders", "key-" + i, "{}".getBytes(UTF_8));
    }
    ReplayRequest request =
        request("orders", "orders")
            .allowingSource()
            .delivered(Delivery.DEFAULT.skippingSuperseded(true));

    ReplayPlan plan = replays.plan(request);
    assertThat(plan.counts().superseded()).isEqualTo(30);
    assertThat(plan.notes()).anyMatch(note -> note.startsWith("30 records are superseded now"));
    kinesis.put("orders", "key-19", "{}".getBytes(UTF_8));
    ReplayOutcome outcome = replays.run(plan, ReplayListener.NONE, () -> false);

    assertThat(outcome.error()).isEmpty();
    assertThat(outcome.ending()).isEqualTo(Ending.FINISHED);
    assertThat(outcome.superseded()).isEqualTo(31);
    assertThat(outcome.acknowledged()).isEqualTo(9);
    AuditReport audit = replays.audit(plan, orders);
    assertThat(audit).isEqualTo(new AuditReport(40, 9, 31, 0, 0, 0, 0, 0));
    assertThat(states()).containsEntry("key-3", "{}").containsEntry("key-15", "{\"n\":35}");
    ReplayOutcome again = replays.run(plan, ReplayListener.NONE, () -> false);
    assertThat(again.ending()).isEqualTo(Ending.ALREADY_FINISHED);
    assertThat(again.superseded()).isEqualTo(31);
  }

  @Test
  void copiesOfAnotherReplaySupersedeOverASplitOfTheSource() {
    for (int i = 0; i < 40; i++) {
      if (i == 20) {
        split();
      }
      kinesis.put("orders", "key-" + i % 10, ("{\"n\":" + i + "}").getBytes(UTF_8));
    }
    archive("orders");
    replays.run(replays.plan(request("orders", "again")), ReplayListener.NONE, () -> false);

    ReplayPlan plan =
        replays.plan(
            request("orders", "again").delivered(Delivery.DEFAULT.skippingSuperseded(true)));
    ReplayOutcome outcome = replays.run(plan, ReplayListener.NONE, () -> false);

    assertThat(plan.counts().superseded()).as("all but the last of each key").isEqualTo(30);
    assertThat(outcome.superseded()).isEqualTo(30);
    assertThat(outcome.acknowledged()).isEqualTo(10);
  }

  /** A process that ends in mid-run; the next one goes on with the same fences. */
  private void stopAfter(int records, ReplayPlan plan) {
    AtomicLong acknowledged = new AtomicLong();
    ReplayListener listener = progress -> acknowledged.set(progress.acknowledged());
    ReplayOutcome outcome = replays.run(plan, listener, () -> acknowledged.get() >= records);
    assertThat(outcome.error()).isEmpty();
  }

  /** What a consumer that cooperates has in the end. */
  private Map<String, String> states() {
    Map<String, String> states = new HashMap<>();
    LastWriterWins<String> rule = new LastWriterWins<>(AppliedVersions.inMemory());
    new TargetReader(orders, scheduler, new SecureRandom())
        .readAll(
            record -> {
              ReceivedRecord received =
                  ReceivedRecord.of(RecordWrapper.origin(record), record.payload());
              rule.offer(
                  record.partitionKey(),
                  received.version(),
                  () -> states.put(record.partitionKey(), new String(received.payload(), UTF_8)));
            });
    return states;
  }

  /** Payloads of every kind, some packed by a producer, with a split of a shard in the middle. */
  private void putOrders() {
    Random random = new Random(4);
    for (int i = 0; i < COUNT; i++) {
      if (i == COUNT / 2) {
        split();
      }
      String key = "schlüssel-🚰-" + random.nextInt(40);
      if (i % 20 == 3) {
        AggregateWriter packed = new AggregateWriter();
        packed.add(key, payload(random, i++));
        packed.add(key, payload(random, i++));
        packed.add(key, payload(random, i));
        kinesis.put("orders", key, packed.toBytes());
      } else {
        kinesis.put("orders", key, payload(random, i));
      }
    }
  }

  private void split() {
    BigInteger quarter = BigInteger.ONE.shiftLeft(126);
    var client = software.amazon.awssdk.services.kinesis.KinesisClient.builder();
    try (var kinesisClient =
        client
            .endpointOverride(kinesis.endpoint())
            .region(software.amazon.awssdk.regions.Region.US_EAST_1)
            .credentialsProvider(
                software.amazon.awssdk.auth.credentials.StaticCredentialsProvider.create(
                    software.amazon.awssdk.auth.credentials.AwsBasicCredentials.create("a", "b")))
            .build()) {
      kinesisClient.splitShard(
          b ->
              b.streamName("orders")
                  .shardToSplit("shardId-000000000000")
                  .newStartingHashKey(quarter.toString()));
    }
  }

  private static byte[] payload(Random random, int i) {
    if (i % 200 == 7) {
      return large(random, i);
    }
    return switch (random.nextInt(20)) {
      case 0 -> new byte[0];
      case 1 -> "{}".getBytes(UTF_8);
      case 2 -> ("\ufeff {\"n\":" + i + "}\n").getBytes(UTF_8);
      case 3 -> {
        byte[] bytes = new byte[random.nextInt(3_000)];
        random.nextBytes(bytes);
        yield bytes;
      }
      case 4 -> ("{\"n\":" + i + ",\"_watershed\":true}").getBytes(UTF_8);
      case 5 -> ("[" + i + ",{\"n\":1},[]]").getBytes(UTF_8);
      case 6 -> String.valueOf(i).getBytes(UTF_8);
      case 7 -> ("\"Köln 🚰 " + i + "\"").getBytes(UTF_8);
      case 8 -> ("{\"n\":" + i + ",").getBytes(UTF_8);
      case 9 -> ("{\"n\":" + i + ",}").getBytes(UTF_8);
      case 10 -> ("{\"n\":" + i + ",\"a\":{\"b\":[{\"c\":null}]},\"N\":1.50}").getBytes(UTF_8);
      case 11 -> ("id,state\n" + i + ",paid\n").getBytes(UTF_8);
      default -> ("{\"n\":" + i + ",\"state\":\"s" + i % 7 + "\"}").getBytes(UTF_8);
    };
  }

  /** As large as it may be with two envelopes and its key; every other one is no JSON. */
  private static byte[] large(Random random, int i) {
    byte[] bytes = new byte[(1 << 20) - 4_096];
    random.nextBytes(bytes);
    if (i % 400 == 7) {
      Arrays.fill(bytes, (byte) 'x');
      byte[] start = ("{\"n\":" + i + ",\"text\":\"").getBytes(UTF_8);
      System.arraycopy(start, 0, bytes, 0, start.length);
      bytes[bytes.length - 2] = '"';
      bytes[bytes.length - 1] = '}';
    }
    return bytes;
  }

  private StreamOutcome archive(String name) {
    return archive(name, PayloadFormat.JSON);
  }

  private StreamOutcome archive(String name, PayloadFormat format) {
    try (ArchiveService service =
        new ArchiveService(
            reservoir,
            List.of(new ArchivedStream(name, () -> streams.source(name), Optional.empty(), format)),
            ArchiveSettings.DEFAULTS,
            InstantSource.system())) {
      StreamOutcome outcome = service.run(ArchiveMode.ONCE, new StopSignal()).streams().get(0);
      outcome
          .failure()
          .ifPresent(
              failure -> {
                throw failure;
              });
      return outcome;
    }
  }

  private List<StreamRecord> scan(String stream, LiveMode live) {
    List<StreamRecord> records = new ArrayList<>();
    ScanRequest all = ScanRequest.of(stream).with(live);
    try (RecordScan scan = engine.scan(all)) {
      scan.records().forEachRemaining(records::add);
    }
    return records;
  }

  /** Per key, the original payloads in the archive's order. */
  private Map<String, List<String>> perKey(String stream) {
    Map<String, List<String>> keys = new HashMap<>();
    for (StreamRecord record : scan(stream, LiveMode.OFF)) {
      Position position = RecordWrapper.origin(record);
      byte[] payload = ReceivedRecord.of(position, record.payload()).payload();
      keys.computeIfAbsent(record.partitionKey(), k -> new ArrayList<>())
          .add(Arrays.toString(payload));
    }
    return keys;
  }

  private static ReplayRequest request(String stream, String target) {
    return ReplayRequest.of(stream, target).paced(new ReplayPace(1, OptionalDouble.empty()));
  }
}
