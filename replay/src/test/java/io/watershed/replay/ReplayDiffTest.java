package io.watershed.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiveService;
import io.watershed.archive.ArchivedStream;
import io.watershed.archive.StopSignal;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.ReplayGuards;
import io.watershed.core.config.ReplaySettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.time.RealScheduler;
import io.watershed.cut.LiveMode;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import io.watershed.query.LastPerKey;
import io.watershed.query.QueryEngine;
import io.watershed.query.RecordScan;
import io.watershed.query.RecordScan.Compaction;
import io.watershed.query.RecordSelection;
import io.watershed.query.ScanRequest;
import io.watershed.replay.ReplayDiff.Report;
import io.watershed.replay.ReplayOutcome.Ending;
import io.watershed.reservoir.Reservoir;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compacted replays, and what the target's archive says of them before and after. */
class ReplayDiffTest {
  @TempDir Path folder;

  private LocalKinesis kinesis;
  private KinesisStreams streams;
  private Reservoir reservoir;
  private QueryEngine engine;
  private RealScheduler scheduler;
  private Replays replays;
  private ReplayDiff diff;

  @BeforeEach
  void open() {
    kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withPort(0));
    kinesis.createStream("orders", 2);
    kinesis.createStream("again", 3);
    streams = KinesisStreams.open(kinesis.access());
    reservoir = Reservoir.open(folder.resolve("reservoir").toString(), AwsAccess.DEFAULT);
    engine =
        QueryEngine.open(
            reservoir,
            StreamSources.of(Map.of()),
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
            new SplittableRandom(1));
    diff = new ReplayDiff(reservoir, engine, folder.resolve("diff"));
  }

  @AfterEach
  void close() {
    engine.close();
    reservoir.close();
    streams.close();
    kinesis.close();
    scheduler.close();
  }

  @Test
  void missingSameDifferentAndNewerKeysAreToldApart() throws Exception {
    for (String key : List.of("absent", "same", "same-again", "edited", "newer")) {
      put("orders", key, 0);
      put("orders", key, 1);
    }
    archive("orders");
    ReplayPlan plan = plan("", LastPerKey.partitionKey());
    assertThat(plan.counts().compaction()).contains(new Compaction(10, 5, 0, 0, 0));
    assertThatThrownBy(() -> diff.compare(plan))
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));

    put("orders", "newer", 2);
    archive("orders");
    run(plan("_partition_key IN ('same', 'same-again', 'newer')", LastPerKey.partitionKey()));
    put("again", "edited", 3);
    put("again", "elsewhere", 4);
    archive("again");

    Report report = diff.compare(plan);

    assertThat(report).isEqualTo(new Report("again", report.targetReceipt(), 1, 2, 1, 1, 1));
    assertThat(report.keys()).isEqualTo(5);
    try (Stream<Path> left = Files.list(folder.resolve("diff"))) {
      assertThat(left).isEmpty();
    }
    // The older record lands behind the newer one: a consumer keeps the newer, and so says the
    // diff.
    run(plan);
    archive("again");
    assertThat(diff.compare(plan))
        .extracting(Report::missing, Report::newer, Report::targetOnly)
        .containsExactly(0L, 1L, 1L);
  }

  @Test
  void aCompactedReplayOverReshardingIsTheLastRecordOfEachKey() throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    Map<String, String> last = new HashMap<>();
    int records = 0;
    for (int shards : new int[] {3, 2, 4, 1}) {
      for (int i = 0; i < 60; i++) {
        String key = "key-" + random.nextInt(30);
        last.put(key, put("orders", key, records++));
      }
      kinesis.scaleTo("orders", shards);
      archive("orders");
    }
    int n = records;
    for (int again = 0; again < 3; again++) {
      archive("orders"); // until what was put into grandchildren is archived too
    }
    LastPerKey dropped =
        new LastPerKey("_partition_key", Optional.empty(), Optional.of("n % 3 = 0"), true);
    Map<String, String> kept = new HashMap<>(last);
    kept.values().removeIf(payload -> number(payload) % 3 == 0);
    ReplayPlan plan = plan("", dropped);
    assertThat(plan.counts().records()).isEqualTo(kept.size());
    assertThat(plan.counts().compaction())
        .contains(
            new Compaction(
                n, last.size(), 0, last.size() - kept.size(), last.size() - kept.size()));

    run(plan);

    archive("again");
    assertThat(perKey("again")).isEqualTo(kept);
    assertThat(diff.compare(plan))
        .extracting(Report::same, Report::keys, Report::targetOnly)
        .containsExactly((long) kept.size(), (long) kept.size(), 0L);
  }

  private static int number(String payload) {
    return Integer.parseInt(payload.substring(5, payload.length() - 1));
  }

  private String put(String stream, String key, int n) {
    String payload = "{\"n\":" + n + "}";
    kinesis.put(stream, key, payload.getBytes(UTF_8));
    return payload;
  }

  private ReplayPlan plan(String where, LastPerKey last) {
    RecordSelection all = RecordSelection.ALL.lastPer(last);
    return replays.plan(
        ReplayRequest.of("orders", "again")
            .paced(new ReplayPace(1, OptionalDouble.empty()))
            .select(where.isEmpty() ? all : all.where(where)));
  }

  private void run(ReplayPlan plan) {
    ReplayOutcome outcome = replays.run(plan, ReplayListener.NONE, () -> false);
    assertThat(outcome.error()).isEmpty();
    assertThat(outcome.ending()).isEqualTo(Ending.FINISHED);
    assertThat(outcome.acknowledged()).isEqualTo(plan.toSend());
  }

  private void archive(String name) {
    try (ArchiveService service =
        new ArchiveService(
            reservoir,
            List.of(new ArchivedStream(name, () -> streams.source(name))),
            ArchiveSettings.DEFAULTS,
            InstantSource.system())) {
      service
          .run(ArchiveMode.ONCE, new StopSignal())
          .streams()
          .get(0)
          .failure()
          .ifPresent(
              failure -> {
                throw failure;
              });
    }
  }

  /** The payload of each key's only record. */
  private Map<String, String> perKey(String stream) {
    Map<String, String> payloads = new HashMap<>();
    try (RecordScan scan = engine.scan(ScanRequest.of(stream).with(LiveMode.OFF))) {
      scan.records()
          .forEachRemaining(
              record -> assertThat(payloads.put(record.partitionKey(), text(record))).isNull());
    }
    return payloads;
  }

  private static String text(StreamRecord record) {
    return new String(
        io.watershed.consumer.ReceivedRecord.of(RecordWrapper.origin(record), record.payload())
            .payload(),
        UTF_8);
  }
}
