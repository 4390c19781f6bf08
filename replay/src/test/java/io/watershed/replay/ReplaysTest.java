package io.watershed.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.ReplayGuards;
import io.watershed.core.config.ReplaySettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.time.RealScheduler;
import io.watershed.cut.LiveMode;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.kinesis.StreamSource;
import io.watershed.localkinesis.Hostility;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import io.watershed.query.AsOf;
import io.watershed.replay.ReplayOutcome.Ending;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveCommit;
import io.watershed.reservoir.table.ArchiveTable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans and runs through the AWS SDK, against the local endpoint with its limits on. */
class ReplaysTest {
  private static final int COUNT = 1_000;

  @TempDir Path folder;

  private static final AtomicInteger STREAMS = new AtomicInteger();
  private static RealScheduler scheduler;
  private static LocalKinesis kinesis;
  private static KinesisStreams streams;

  private final List<StreamRecord> records = Fixtures.records(COUNT, 300, 3);
  private final ListEngine engine = new ListEngine(records);
  private final String again = "again-" + STREAMS.incrementAndGet();
  private Reservoir reservoir;

  @BeforeAll
  static void start() {
    kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS);
    streams = KinesisStreams.open(kinesis.access());
    scheduler = new RealScheduler("replay-test");
  }

  @AfterAll
  static void stop() {
    streams.close();
    kinesis.close();
    scheduler.close();
  }

  @BeforeEach
  void open() {
    kinesis.createStream(again, 2);
    reservoir = Reservoir.open(folder.toString(), AwsAccess.DEFAULT);
    archiveOf("orders", Fixtures.SOURCE);
  }

  @AfterEach
  void close() {
    reservoir.close();
  }

  @Test
  void aReplayOverAHostileNetworkArrivesWholeAndInOrder() {
    Hostility hostility =
        Hostility.NONE
            .withSeed(7)
            .withPartialFailureRate(0.1)
            .withThrottleRate(0.05)
            .withServerErrorRate(0.03)
            .withLostAnswerRate(0.05)
            .withEmptyReadRate(0.2);
    try (LocalKinesis hostile =
            LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withHostility(hostility));
        KinesisStreams there = KinesisStreams.open(hostile.access());
        StreamSource target = there.source(again)) {
      hostile.createStream(again, 2);
      Replays replays = replays(engine, there);
      ReplayPlan plan = replays.plan(request(again));
      AtomicLong reports = new AtomicLong();

      ReplayOutcome outcome = replays.run(plan, progress -> reports.incrementAndGet(), () -> false);

      assertThat(outcome.error()).isEmpty();
      assertThat(outcome.ending()).isEqualTo(Ending.FINISHED);
      assertThat(outcome.acknowledged()).isEqualTo(COUNT);
      assertThat(outcome.orderViolations()).isZero();
      assertThat(outcome.retries()).isPositive();
      assertThat(reports).hasPositiveValue();
      AuditReport audit = replays.audit(plan, target);
      assertThat(audit.isOk()).as(audit.toString()).isTrue();
      assertThat(audit.present()).isEqualTo(COUNT);
      assertThat(audit.duplicates()).isLessThanOrEqualTo(outcome.possibleDuplicates());
    }
  }

  @Test
  void aStoppedReplayGoesOnByItsIdInAnotherProcess() {
    // Slow enough that the stop comes long before the end, on however fast a machine.
    ReplayPace slow = new ReplayPace(1, OptionalDouble.of(300));
    ReplayPlan plan = replays(engine).plan(request(again).paced(slow));
    AtomicLong acknowledged = new AtomicLong();
    ReplayOutcome stopped =
        replays(engine)
            .run(
                plan,
                progress -> acknowledged.set(progress.acknowledged()),
                () -> acknowledged.get() > 100);

    assertThat(stopped.ending()).isEqualTo(Ending.STOPPED);
    assertThat(stopped.acknowledged()).isBetween(101L, COUNT - 1L);

    Replays replays = replays(engine);
    ReplayOutcome finished =
        replays.run(replays.load(stopped.planId()), ReplayListener.NONE, () -> false);

    assertThat(finished.ending()).isEqualTo(Ending.FINISHED);
    assertThat(finished.acknowledged()).isEqualTo(COUNT);
    AuditReport audit = audit(replays, plan);
    assertThat(audit.isOk()).isTrue();
    assertThat(audit.duplicates()).isZero();

    ReplayOutcome again = replays.run(plan, ReplayListener.NONE, () -> false);
    assertThat(again.ending()).isEqualTo(Ending.ALREADY_FINISHED);
    assertThat(again.acknowledged()).isEqualTo(COUNT);
    assertThat(audit(replays, plan).duplicates()).isZero();
  }

  @Test
  void anAuditSeesWhatIsMissingAndWhatWasChanged() {
    Replays replays = replays(engine);
    ReplayPlan plan = replays.plan(request(again));
    RecordWrapper wrapper = new RecordWrapper(plan.id(), plan.delivery(), 1, Fences.NONE);
    StreamRecord first = records.get(0);
    byte[] payload = wrapper.entry(Fixtures.row(first)).payload();
    kinesis.put(again, first.partitionKey(), payload);
    kinesis.put(again, first.partitionKey(), payload);
    kinesis.put(again, "another key", wrapper.entry(Fixtures.row(records.get(1))).payload());
    kinesis.put(
        again, first.partitionKey(), "live".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    AuditReport audit = audit(replays, plan);

    assertThat(audit).isEqualTo(new AuditReport(COUNT, 1, 0, COUNT - 2, 1, 1, 0, 0));
    assertThat(audit.isOk()).isFalse();
  }

  @Test
  void theScanIsFixedByTheReceiptAndReadsTheArchiveOnly() {
    Replays replays = replays(engine);
    ReplayPlan plan = replays.plan(request(again).where("n > 3"));
    replays.run(plan, ReplayListener.NONE, () -> true);

    assertThat(engine.asked).allMatch(scan -> scan.live() == LiveMode.OFF);
    assertThat(engine.asked)
        .allMatch(scan -> scan.selection().where().equals(Optional.of("n > 3")));
    assertThat(engine.asked.get(engine.asked.size() - 1).asOf())
        .contains(AsOf.receipt("0123456789ab"));
  }

  @Test
  void theSourceIsATargetOnlyWhenItIsAllowed() {
    StreamSource source = streams.source(again);
    archiveOf(again, source.describe().join().incarnation());
    source.close();
    ReplayRequest onItself = ReplayRequest.of(again, again);

    refused(ErrorCode.REFUSED, () -> replays(engine).plan(onItself));

    ReplayPlan plan = replays(engine).plan(onItself.allowingSource());
    assertThat(plan.to().isSource()).isTrue();
    assertThat(String.join(" ", plan.notes())).contains("all of its consumers");
  }

  @Test
  void aLaterLifeOfTheSourceIsStillTheSource() {
    Incarnation now = streams.source(again).describe().join().incarnation();
    archiveOf(again, new Incarnation(now.arn(), now.createdAt().minusSeconds(86_400)));

    refused(ErrorCode.REFUSED, () -> replays(engine).plan(ReplayRequest.of(again, again)));
  }

  @Test
  void aTargetThatWasMadeAgainNeedsAnotherPlan() {
    Replays replays = replays(engine);
    ReplayPlan plan = replays.plan(request(again));
    ReplayPlan other =
        ReplayPlan.parse(
            plan.json().replace(plan.to().incarnation(), again + "@20200101T000000.000Z"));

    refused(ErrorCode.REFUSED, () -> replays.run(other, ReplayListener.NONE, () -> false));
  }

  @Test
  void unknownStreamsAndEmptyBoundsAreRefused() {
    Replays replays = replays(engine);
    Instant noon = Instant.parse("2026-11-22T12:00:00Z");

    refused(ErrorCode.STREAM_NOT_FOUND, () -> replays.plan(request("nowhere")));
    refused(ErrorCode.NOT_FOUND, () -> replays.plan(ReplayRequest.of("nothing", again)));
    refused(
        ErrorCode.INVALID_INPUT,
        () -> replays.plan(request(again).between(Optional.of(noon), Optional.of(noon))));
  }

  @Test
  void recordsTooLargeWithTheirEnvelopeFailThePlanUnlessLeftOut() {
    List<StreamRecord> some = new ArrayList<>(records.subList(0, 20));
    StreamRecord at = some.get(10);
    byte[] fitsAlone = new byte[(1 << 20) - 100];
    new Random(1).nextBytes(fitsAlone);
    some.set(
        10,
        new StreamRecord(
            at.shard(), at.position(), at.partitionKey(), at.arrivalTime(), fitsAlone));
    Replays replays = replays(new ListEngine(some));

    refused(ErrorCode.LIMIT, () -> replays.plan(request(again)));
    assertThat(replays.plan(request(again).enveloped(EnvelopeMode.NONE)).counts().oversize())
        .isZero();

    ReplayPlan plan = replays.plan(request(again).skippingOversize());
    assertThat(plan.counts()).isEqualTo(new ReplayPlan.Counts(20, bytes(some), 1));
    ReplayOutcome outcome = replays.run(plan, ReplayListener.NONE, () -> false);
    assertThat(outcome.ending()).isEqualTo(Ending.FINISHED);
    assertThat(outcome.skippedOversize()).isEqualTo(1);
    assertThat(audit(replays, plan)).isEqualTo(new AuditReport(19, 19, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void planRunAndAuditLeaveOutTheSameRecordsAtTheLimitsEdge() {
    List<StreamRecord> some = new ArrayList<>();
    StreamRecord like = records.get(0);
    for (int i = 0; i < 40; i++) {
      some.add(sized(like, i, 0));
      long overhead = RecordWrapper.longest(Delivery.DEFAULT).size(Fixtures.row(some.get(i)));
      some.set(i, sized(like, i, (int) (Fixtures.MAX_RECORD_BYTES - overhead - 30 + i)));
    }
    Replays replays = replays(new ListEngine(some));
    ReplayPlan plan = replays.plan(request(again).skippingOversize());
    assertThat(plan.counts().oversize()).isEqualTo(9);

    ReplayOutcome outcome = replays.run(plan, ReplayListener.NONE, () -> false);

    assertThat(outcome.error()).isEmpty();
    assertThat(outcome.ending()).isEqualTo(Ending.FINISHED);
    assertThat(outcome.skippedOversize()).isEqualTo(plan.counts().oversize());
    assertThat(audit(replays, plan).present()).isEqualTo(plan.toSend());
    assertThat(audit(replays, plan).isOk()).isTrue();
  }

  @Test
  void withoutEnvelopeThePayloadsArriveAsTheyAre() {
    Replays replays = replays(new ListEngine(records.subList(0, 100)));
    ReplayPlan plan = replays.plan(request(again).enveloped(EnvelopeMode.NONE));
    replays.run(plan, ReplayListener.NONE, () -> false);

    List<String> arrived = new ArrayList<>();
    try (StreamSource target = streams.source(again)) {
      new TargetReader(target, scheduler, new Random(1))
          .readAll(r -> arrived.add(r.partitionKey() + java.util.Arrays.toString(r.payload())));
    }
    assertThat(arrived)
        .containsExactlyInAnyOrderElementsOf(
            records.subList(0, 100).stream()
                .map(r -> r.partitionKey() + java.util.Arrays.toString(r.payload()))
                .toList());
    refused(ErrorCode.INVALID_INPUT, () -> audit(replays, plan));
    assertThat(plan.notes().get(0)).contains("nothing converges");
  }

  @Test
  void aPlanOfNothingIsFinishedAtOnce() {
    Replays replays = replays(new ListEngine(List.of()));
    ReplayPlan plan = replays.plan(request(again));

    assertThat(replays.run(plan, ReplayListener.NONE, () -> false).ending())
        .isEqualTo(Ending.FINISHED);
    assertThat(replays.run(plan, ReplayListener.NONE, () -> false).ending())
        .isEqualTo(Ending.ALREADY_FINISHED);
  }

  private static StreamRecord sized(StreamRecord like, int i, int bytes) {
    return new StreamRecord(
        like.shard(), Fixtures.position(i), "k" + i, like.arrivalTime(), new byte[bytes]);
  }

  private void archiveOf(String stream, Incarnation incarnation) {
    ArchiveTable table = reservoir.createOrLoad(stream);
    table.commit(table.load(), new ArchiveCommit(incarnation, List.of(), List.of(), List.of()));
  }

  private Replays replays(ListEngine engine) {
    return replays(engine, streams);
  }

  private Replays replays(ListEngine engine, KinesisStreams there) {
    return Replays.of(
        reservoir,
        engine,
        there::sink,
        ReplaySettings.DEFAULTS,
        ReplayGuards.DEFAULTS,
        scheduler,
        new java.security.SecureRandom());
  }

  private static ReplayRequest request(String target) {
    return ReplayRequest.of("orders", target).paced(new ReplayPace(1, OptionalDouble.empty()));
  }

  private AuditReport audit(Replays replays, ReplayPlan plan) {
    try (StreamSource target = streams.source(plan.target())) {
      return replays.audit(plan, target);
    }
  }

  private static long bytes(List<StreamRecord> records) {
    return records.stream().mapToLong(r -> r.payload().length).sum();
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            WatershedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.hint()).isNotEmpty();
            });
  }
}
