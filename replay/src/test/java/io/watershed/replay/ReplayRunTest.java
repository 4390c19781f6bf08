package io.watershed.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.consumer.Position;
import io.watershed.core.config.ReplaySettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.kinesis.OrderedWriter;
import io.watershed.kinesis.PutEntry;
import io.watershed.query.RecordScan.ScanPosition;
import io.watershed.replay.ReplayOutcome.Ending;
import io.watershed.reservoir.replays.Operator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs in virtual time, on one thread, against a hostile target. */
class ReplayRunTest {
  private static final ReplaySettings SETTINGS = VirtualReplays.SETTINGS;

  private final VirtualReplays world = new VirtualReplays();
  private final JumpingScheduler clock = world.clock;
  private final Ledger ledger = world.ledger;
  private final List<StreamRecord> records = Fixtures.records(2_000, 200, 5);
  private final ReplayPlan plan = Fixtures.plan(records);
  private final List<ReplayProgress> reports = world.reports;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyRecordArrivesUnchangedAndPerKeyInOrder(long seed) {
    HostileTarget target = new HostileTarget(clock, seed);

    ReplayOutcome outcome = process(target, seed, () -> false).toTheEnd();
    world.settle();

    assertThat(outcome.ending()).isEqualTo(Ending.FINISHED);
    assertThat(outcome.error()).isEmpty();
    assertThat(outcome.acknowledged()).isEqualTo(2_000);
    assertThat(outcome.orderViolations()).isZero();
    AuditReport audit = audit(target);
    assertThat(audit.isOk()).as(audit.toString()).isTrue();
    assertThat(audit.present()).isEqualTo(2_000);
    assertThat(audit.duplicates()).isBetween(1L, outcome.possibleDuplicates());
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void packedRecordsArriveUnchangedAndPerKeyInOrderHoweverOftenTheRunIsKilled(long seed) {
    HostileTarget target = new HostileTarget(clock, seed);
    ReplayPlan packed = withDelivery(plan.delivery().packed(true));
    Random random = new Random(seed);
    long allowed = 0;
    for (int kill = 0; kill < 10; kill++) {
      VirtualReplays.Process process = process(target, seed + kill, () -> false, packed, records);
      process.steps(random.nextInt(900));
      allowed += process.kill();
    }
    ReplayOutcome outcome = process(target, seed, () -> false, packed, records).toTheEnd();
    world.settle();

    assertThat(outcome.error()).isEmpty();
    assertThat(outcome.ending()).isEqualTo(Ending.FINISHED);
    assertThat(outcome.acknowledged()).isEqualTo(2_000);
    assertThat(outcome.orderViolations()).isZero();
    assertThat(target.log()).anyMatch(record -> record.position().subSequenceNumber() > 10);
    AuditReport audit = audit(target, packed);
    assertThat(audit.isOk()).as(audit.toString()).isTrue();
    assertThat(audit.present()).isEqualTo(2_000);
    assertThat(audit.duplicates()).isLessThanOrEqualTo(allowed + outcome.possibleDuplicates());
  }

  private ReplayPlan withDelivery(Delivery delivery) {
    return new ReplayPlan(
        plan.stream(), plan.receipt(), plan.selection(), plan.to(), delivery, plan.counts());
  }

  @Test
  void withoutOneRecordPerKeyTheAuditFindsTheOrderBroken() {
    HostileTarget target = new HostileTarget(clock, 1);
    OrderCheck check = new OrderCheck(100_000);
    Acknowledgements acks = new Acknowledgements(LedgerEntry.NONE, check);
    RunOwner owner = world.claim(plan);
    LeasedSink sink = new LeasedSink(target.connect(), owner);
    OrderedWriter<Acknowledgements.Sent> writer = world.writer(sink, acks, 1, false);
    RecordWrapper wrapper = new RecordWrapper(plan.id(), plan.delivery(), 1, Fences.NONE);
    for (StreamRecord record : records) {
      ScanPosition place = Fixtures.place(record);
      PutEntry entry = wrapper.entry(Fixtures.row(record));
      Acknowledgements.Sent sent = acks.take(place, record.partitionKey()).orElseThrow();
      var room = writer.write(entry, place.toString(), sent);
      while (!room.isDone()) {
        clock.runNext();
        if (owner.isDue()) {
          owner.write(LedgerEntry.State.RUNNING, acks.done(), 0, 0);
        }
      }
    }
    world.settle();

    AuditReport audit = audit(target);
    assertThat(audit.missing()).isZero();
    assertThat(audit.orderViolations()).isPositive();
    assertThat(check.violations()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void aRunThatIsKilledTwentyTimesLosesNothingAndRepeatsLittle(long seed) {
    HostileTarget target = new HostileTarget(clock, seed);
    Random random = new Random(seed);
    long allowed = 0;
    long goneOn = 0;
    for (int kill = 0; kill < 20; kill++) {
      VirtualReplays.Process process = process(target, seed + kill, () -> false);
      goneOn += process.owner.before().allAcknowledged() > 0 ? 1 : 0;
      process.steps(random.nextInt(900));
      allowed += process.kill();
    }
    assertThat(goneOn).as("kills after which the ledger had something").isGreaterThan(3);
    ReplayOutcome outcome = process(target, seed, () -> false).toTheEnd();
    world.settle();

    assertThat(outcome.ending()).isEqualTo(Ending.FINISHED);
    assertThat(outcome.acknowledged()).isEqualTo(2_000);
    AuditReport audit = audit(target);
    assertThat(audit.isOk()).as(audit.toString()).isTrue();
    assertThat(audit.duplicates()).isLessThanOrEqualTo(allowed + outcome.possibleDuplicates());
  }

  @Test
  void whatWasAcknowledgedAndEnteredIsNotSentAgain() {
    HostileTarget target = new HostileTarget(clock, 3);
    VirtualReplays.Process first = process(target, 3, () -> false);
    first.steps(1_500);
    first.kill();
    LedgerEntry entry = ledger.newest(plan).orElseThrow().entry();
    assertThat(entry.allAcknowledged()).isBetween(100L, 1_999L);
    assertThat(entry.allAcknowledged()).isGreaterThan(entry.acknowledged());
    int before = target.log().size();
    world.settle();

    process(target, 4, () -> false).toTheEnd();
    world.settle();

    Set<Position> resent =
        target.log().subList(before, target.log().size()).stream()
            .map(r -> Envelope.unwrap(r.payload()).orElseThrow().header())
            .filter(header -> header.epoch() == 2)
            .map(EnvelopeHeader::origin)
            .collect(Collectors.toSet());
    for (StreamRecord record : records) {
      assertThat(resent.contains(RecordWrapper.origin(record))).isEqualTo(!isDone(record, entry));
    }
  }

  private boolean isDone(StreamRecord record, LedgerEntry entry) {
    ShardPoint point = entry.shards().get(record.shard());
    if (point == null) {
      return false;
    }
    List<StreamRecord> rest =
        records.stream()
            .filter(r -> r.shard().equals(record.shard()) && !point.after().covers(r.position()))
            .toList();
    int number = rest.indexOf(record);
    return number < 0 || point.ahead().get(number);
  }

  /** Entries of version 1 had one point, before which all shards were done. */
  @Test
  void aRunThatWentShardByShardGoesOnAfterItsPoint() {
    HostileTarget target = new HostileTarget(clock, 3);
    RunOwner owner = world.claim(plan);
    StreamRecord last = records.get(1_300);
    LedgerEntry old =
        LedgerEntry.parse(
            "entry",
            ("{\"version\":1,\"epoch\":1,\"number\":1,\"state\":\"STOPPED\",\"incarnation\":\""
                    + last.shard().incarnation()
                    + "\",\"shard\":\""
                    + last.shard().shardId()
                    + "\",\"position\":\""
                    + last.position().text()
                    + "\",\"acknowledged\":1301,\"skipped\":0,\"ahead\":\"BQ==\",\"orderViolations\":0,"
                    + "\"possibleDuplicates\":0}")
                .getBytes(UTF_8));
    assertThat(old.allAcknowledged()).isEqualTo(1_301);
    List<ShardKey> order = records.stream().map(StreamRecord::shard).distinct().toList();
    owner.write(LedgerEntry.State.STOPPED, Acknowledgements.Done.of(old.over(order)), 0, 0);

    ReplayOutcome outcome = process(target, 4, () -> false).toTheEnd();
    world.settle();

    assertThat(outcome.ending()).isEqualTo(Ending.FINISHED);
    Set<Position> sent =
        target.log().stream()
            .map(r -> Envelope.unwrap(r.payload()).orElseThrow().header().origin())
            .collect(Collectors.toSet());
    assertThat(sent)
        .isEqualTo(
            records.subList(1_301, records.size()).stream()
                .map(RecordWrapper::origin)
                .collect(Collectors.toSet()));
  }

  @Test
  void aStoppedRunSettlesWhatIsInFlightAndGoesOnLater() {
    HostileTarget target = new HostileTarget(clock, 5);
    boolean[] stop = {false};
    VirtualReplays.Process first = process(target, 5, () -> stop[0]);
    first.steps(800);
    stop[0] = true;
    ReplayOutcome stopped = first.toTheEnd();

    assertThat(stopped.ending()).isEqualTo(Ending.STOPPED);
    assertThat(stopped.acknowledged()).isBetween(1L, 1_999L);
    assertThat(stopped.error()).isEmpty();

    ReplayOutcome finished = process(target, 6, () -> false).toTheEnd();
    world.settle();

    assertThat(finished.ending()).isEqualTo(Ending.FINISHED);
    assertThat(finished.acknowledged()).isEqualTo(2_000);
    assertThat(audit(target).isOk()).isTrue();
    assertThat(audit(target).duplicates()).isLessThanOrEqualTo(finished.possibleDuplicates());
  }

  @Test
  void aPausedRunSettlesWhatIsInFlightAndGoesOnWhenItIsResumed() {
    HostileTarget target = new HostileTarget(clock, 5);
    VirtualReplays.Process first = process(target, 5, () -> false);
    first.steps(800);
    ledger.ask(plan, 1, new Control(Control.Action.PAUSE, new Operator("ana", "box")));
    ReplayOutcome paused = first.toTheEnd();

    assertThat(paused.ending()).isEqualTo(Ending.PAUSED);
    assertThat(paused.acknowledged()).isBetween(1L, 1_999L);
    LedgerEntry entry = ledger.newest(plan).orElseThrow().entry();
    assertThat(entry.state()).isEqualTo(LedgerEntry.State.PAUSED);
    assertThat(entry.allAcknowledged()).isEqualTo(paused.acknowledged());
    assertThat(entry.requestedBy()).contains(new Operator("ana", "box"));
    assertThat(List.of(records.get(0), records.get(1_000)))
        .extracting(Fixtures::place)
        .contains(entry.trail().first().orElseThrow());
    Map<String, Trail.Range> there = new HashMap<>();
    world.settle();
    target
        .log()
        .forEach(
            record ->
                there.merge(
                    record.shard().shardId(),
                    new Trail.Range(record.position(), record.position()),
                    (all, one) -> all.with(one.last())));
    assertThat(entry.trail().target().keySet()).isEqualTo(there.keySet());
    entry
        .trail()
        .target()
        .forEach(
            (shard, range) -> {
              assertThat(range.first()).isGreaterThanOrEqualTo(there.get(shard).first());
              assertThat(range.last()).isLessThanOrEqualTo(there.get(shard).last());
            });

    RunOwner owner =
        new RunClaim(ledger, plan, SETTINGS, clock, ReplayListener.NONE, () -> false)
            .take(RunMode.RESUME, "")
            .orElseThrow();
    ReplayOutcome finished = process(target, 6, () -> false, owner).toTheEnd();
    world.settle();
    assertThat(finished.ending()).isEqualTo(Ending.FINISHED);
    assertThat(audit(target).isOk()).isTrue();
  }

  @Test
  void aPauseThatComesAfterTheLastAcknowledgementFindsTheRunFinished() {
    HostileTarget target = new HostileTarget(clock, 5);
    boolean[] stop = {false};
    VirtualReplays.Process process = process(target, 5, () -> stop[0]);
    ReplayRun.Step step = process.run.step();
    while (process.acks.acknowledged() < 2_000) {
      if (step == ReplayRun.Step.WAIT && !clock.runNext()) {
        clock.advance(Duration.ofMillis(50));
      }
      step = process.run.step();
    }
    ledger.ask(plan, 1, new Control(Control.Action.CANCEL, new Operator("ana", "box")));
    clock.advance(Duration.ofSeconds(2));

    assertThat(process.toTheEnd().ending()).isEqualTo(Ending.FINISHED);
    assertThat(ledger.standing(plan).state()).contains(LedgerEntry.State.FINISHED);
  }

  @Test
  void anotherRunOfThePlanSendsEverythingAgainAndIsAuditedForItself() {
    HostileTarget target = new HostileTarget(clock, 5);
    process(target, 5, () -> false).toTheEnd();
    world.settle();
    RunOwner owner =
        new RunClaim(ledger, plan, SETTINGS, clock, ReplayListener.NONE, () -> false)
            .take(RunMode.AGAIN, "")
            .orElseThrow();
    ReplayOutcome again = process(target, 6, () -> false, owner).toTheEnd();
    world.settle();

    assertThat(again.acknowledged()).isEqualTo(2_000);
    assertThat(audit(target).duplicates()).as("over both runs").isGreaterThanOrEqualTo(2_000);
    ReplayAudit ofTheLast = new ReplayAudit(plan, ledger.standing(plan).firstEpoch());
    target.log().forEach(ofTheLast::seen);
    AuditReport report = ofTheLast.report(records.stream().map(Fixtures::row).iterator());
    assertThat(report.isOk()).isTrue();
    assertThat(report.present()).isEqualTo(2_000);
    assertThat(report.duplicates()).isLessThanOrEqualTo(again.possibleDuplicates());
  }

  @Test
  void aTargetThatStaysDownEndsTheRunWithItsReasonAndTheRestIsSentLater() {
    HostileTarget target = new HostileTarget(clock, 6);
    VirtualReplays.Process first = process(target, 6, () -> false);
    first.steps(800);
    target.down = true;
    ReplayOutcome failed = first.toTheEnd();

    assertThat(failed.ending()).isEqualTo(Ending.FAILED);
    assertThat(failed.error().orElseThrow().code()).isEqualTo(ErrorCode.UNREACHABLE);
    assertThat(failed.acknowledged()).isBetween(1L, 1_999L);

    target.down = false;
    assertThat(process(target, 7, () -> false).toTheEnd().ending()).isEqualTo(Ending.FINISHED);
    world.settle();
    assertThat(audit(target).isOk()).isTrue();
  }

  @Test
  void aRunThatWasTakenOverWhileItStalledStopsAndTheOrderHolds() {
    HostileTarget target = new HostileTarget(clock, 8);
    VirtualReplays.Process stalled = process(target, 8, () -> false);
    stalled.steps(600);
    VirtualReplays.Process second = process(target, 9, () -> false);
    second.steps(600);

    ReplayOutcome lost = stalled.toTheEnd();
    assertThat(lost.ending()).isEqualTo(Ending.FAILED);
    assertThat(lost.error().orElseThrow().code()).isEqualTo(ErrorCode.FENCED);

    ReplayOutcome won = second.toTheEnd();
    world.settle();
    assertThat(won.ending()).isEqualTo(Ending.FINISHED);
    assertThat(audit(target).isOk()).isTrue();
    List<Long> epochs =
        target.log().stream()
            .map(r -> Envelope.unwrap(r.payload()).orElseThrow().header().epoch())
            .toList();
    assertThat(epochs).as("the stalled one sent nothing after the takeover").isSorted();
  }

  @Test
  void nothingIsSentWhileTheLeaseIsNotRenewed() {
    HostileTarget target = new HostileTarget(clock, 1);
    RunOwner owner = world.claim(plan);
    Acknowledgements acks = new Acknowledgements(LedgerEntry.NONE, new OrderCheck(10));
    LeasedSink sink = new LeasedSink(target.connect(), owner);
    List<PutEntry> one = List.of(new PutEntry("k", Optional.empty(), new byte[] {1}));

    clock.advance(SETTINGS.lease().dividedBy(2).plusMillis(1));
    for (int i = 0; i < 50; i++) {
      assertThat(sink.put(one)).isCompletedExceptionally();
    }
    world.settle();
    assertThat(target.log()).isEmpty();

    owner.write(LedgerEntry.State.RUNNING, acks.done(), 0, 0);
    for (int i = 0; i < 50; i++) {
      sink.put(one);
    }
    world.settle();
    assertThat(target.log()).isNotEmpty();
  }

  @Test
  void aTargetThatScattersKeysIsRefused() {
    HostileTarget target = new HostileTarget(clock, 9);
    target.scattersKeys = true;

    ReplayOutcome outcome = process(target, 9, () -> false).toTheEnd();

    assertThat(outcome.ending()).isEqualTo(Ending.FAILED);
    assertThat(outcome.error().orElseThrow().code()).isEqualTo(ErrorCode.REFUSED);
    assertThat(outcome.error().orElseThrow().hint()).contains("service-managed");
  }

  @Test
  void recordsThatAreTooLargeAreLeftOutAndCountedOrEndTheRun() {
    List<StreamRecord> some = new ArrayList<>(records.subList(0, 50));
    StreamRecord large = some.get(20);
    some.set(
        20,
        new StreamRecord(
            large.shard(),
            large.position(),
            large.partitionKey(),
            large.arrivalTime(),
            new byte[(int) Fixtures.MAX_RECORD_BYTES]));
    HostileTarget target = new HostileTarget(clock, 10);

    ReplayOutcome refused = process(target, 10, () -> false, withOversize(false), some).toTheEnd();
    assertThat(refused.ending()).isEqualTo(Ending.FAILED);
    assertThat(refused.error().orElseThrow().code()).isEqualTo(ErrorCode.LIMIT);

    ReplayOutcome skipped = process(target, 10, () -> false, withOversize(true), some).toTheEnd();
    assertThat(skipped.ending()).isEqualTo(Ending.FINISHED);
    assertThat(skipped.acknowledged()).isEqualTo(49);
    assertThat(skipped.skippedOversize()).isEqualTo(1);
  }

  @Test
  void aScanThatLostRecordsSinceThePlanIsNotCalledFinished() {
    HostileTarget target = new HostileTarget(clock, 11);
    ReplayOutcome outcome =
        process(target, 11, () -> false, plan, records.subList(0, 1_999)).toTheEnd();

    assertThat(outcome.ending()).isEqualTo(Ending.FAILED);
    assertThat(outcome.error().orElseThrow().code()).isEqualTo(ErrorCode.INTEGRITY);
  }

  @Test
  void progressGrowsAndEndsWithTheWhole() {
    process(new HostileTarget(clock, 12), 12, () -> false).toTheEnd();

    assertThat(reports).hasSizeGreaterThan(3);
    assertThat(reports)
        .isSortedAccordingTo((a, b) -> Long.compare(a.acknowledged(), b.acknowledged()));
    ReplayProgress last = reports.get(reports.size() - 1);
    assertThat(last.acknowledged()).isEqualTo(2_000);
    assertThat(last.sent()).isEqualTo(2_000);
    assertThat(last.recordsPerSecond()).isPositive();
    assertThat(last.retries()).isPositive();
    assertThat(last.throttles()).isPositive();
  }

  @Test
  void progressSaysWhatEachShardOfTheTargetTakesAndRefuses() {
    process(new HostileTarget(clock, 12), 12, () -> false).toTheEnd();

    ReplayProgress last = reports.get(reports.size() - 1);
    assertThat(last.shards()).extracting(ShardProgress::shardId).isSorted().doesNotHaveDuplicates();
    assertThat(last.shards().stream().mapToDouble(ShardProgress::recordsPerSecond).sum())
        .isCloseTo(last.recordsPerSecond(), withinPercentage(30));
    assertThat(last.shards().stream().mapToLong(ShardProgress::throttles).sum())
        .isPositive()
        .isLessThanOrEqualTo(last.throttles());
    assertThat(last.shards())
        .allSatisfy(
            shard -> {
              assertThat(shard.quotaShare())
                  .isCloseTo(
                      Math.max(shard.recordsPerSecond() / 1e3, shard.bytesPerSecond() / 1e6),
                      within(1e-9));
              assertThat(shard.allowedShare()).isBetween(0.0, 1.0);
            });
  }

  private ReplayPlan withOversize(boolean skip) {
    return new ReplayPlan(
        plan.stream(),
        plan.receipt(),
        plan.selection(),
        plan.to(),
        plan.delivery().skippingOversize(skip),
        new ReplayPlan.Counts(50, 0, 1));
  }

  private AuditReport audit(HostileTarget target) {
    return audit(target, plan);
  }

  private AuditReport audit(HostileTarget target, ReplayPlan plan) {
    ReplayAudit audit = new ReplayAudit(plan);
    target.log().forEach(audit::seen);
    return audit.report(records.stream().map(Fixtures::row).iterator());
  }

  private VirtualReplays.Process process(HostileTarget target, long seed, BooleanSupplier stop) {
    return process(target, seed, stop, plan, records);
  }

  private VirtualReplays.Process process(
      HostileTarget target,
      long seed,
      BooleanSupplier stop,
      ReplayPlan plan,
      List<StreamRecord> records) {
    return world.process(target, seed, stop, plan, records, world.claim(plan));
  }

  private VirtualReplays.Process process(
      HostileTarget target, long seed, BooleanSupplier stop, RunOwner owner) {
    return world.process(target, seed, stop, plan, records, owner);
  }
}
