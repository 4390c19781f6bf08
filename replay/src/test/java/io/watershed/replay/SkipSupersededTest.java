package io.watershed.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.Position;
import io.watershed.consumer.ReceivedRecord;
import io.watershed.consumer.Version;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.record.StreamRecord;
import io.watershed.kinesis.PutEntry;
import io.watershed.kinesis.StreamFailure;
import io.watershed.replay.ReplayOutcome.Ending;
import io.watershed.reservoir.replays.SupersededRecord;
import io.watershed.reservoir.replays.SupersededRecords;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replays that skip what is superseded, in virtual time and against a hostile target. */
class SkipSupersededTest {
  private static final int COUNT = 2_000;

  private final VirtualReplays world = new VirtualReplays();
  private final List<StreamRecord> records = Fixtures.records(COUNT, 200, 5);
  private final ReplayPlan plan = skipping(Fixtures.plan(records));
  private final RecordWrapper others =
      new RecordWrapper("another-plan", Delivery.DEFAULT, 1, Fences.NONE);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whatIsSupersededIsLeftOutAndListedAndAllElseArrivesHoweverOftenTheRunIsKilled(long seed) {
    HostileTarget target = new HostileTarget(world.clock, seed);
    Random random = new Random(seed);
    for (int kill = 0; kill < 20; kill++) {
      VirtualReplays.Process process = process(target, seed + kill);
      process.steps(random.nextInt(400));
      putNewer(target, random, 5);
      process.steps(random.nextInt(400));
      process.kill();
    }
    ReplayOutcome outcome = process(target, seed).toTheEnd();
    world.settle();

    assertThat(outcome.error()).isEmpty();
    assertThat(outcome.ending()).isEqualTo(Ending.FINISHED);
    assertThat(outcome.superseded()).isBetween(100L, COUNT - 100L);
    assertThat(outcome.acknowledged() + outcome.superseded()).isEqualTo(COUNT);
    ReplayProgress last = world.reports.get(world.reports.size() - 1);
    assertThat(last.superseded()).isEqualTo(outcome.superseded());
    assertThat(last.done()).isEqualTo(COUNT);
    List<SupersededRecord> listed = listed();
    assertThat(listed).doesNotHaveDuplicates().hasSize((int) outcome.superseded());
    Set<Position> left = new HashSet<>();
    for (SupersededRecord record : listed) {
      StreamRecord original = selected(record);
      left.add(RecordWrapper.origin(original));
      assertThat(newerOnTarget(target, original)).as(record.toString()).isTrue();
      assertThat(Version.parse(record.newer()).compare(version(original)).orElseThrow())
          .isPositive();
    }
    Set<Position> arrived = new HashSet<>();
    target.log().stream()
        .flatMap(record -> Envelope.unwrap(record.payload()).stream())
        .filter(envelope -> envelope.header().replayId().equals(plan.id()))
        .forEach(envelope -> arrived.add(envelope.header().origin()));
    assertThat(records)
        .allMatch(
            record ->
                arrived.contains(RecordWrapper.origin(record))
                    || left.contains(RecordWrapper.origin(record)));
    AuditReport audit = audit(target);
    assertThat(audit.isOk()).as(audit.toString()).isTrue();
    assertThat(audit.superseded()).isPositive();
    assertThat(audit.present() + audit.superseded()).isEqualTo(COUNT);
  }

  @Test
  void copiesThatTheRunItselfSentSupersedeNothingWhenItGoesOnOrRunsAnew() {
    HostileTarget target = new HostileTarget(world.clock, 3);
    VirtualReplays.Process first = process(target, 3);
    first.steps(1_500);
    first.kill();
    assertThat(process(target, 4).toTheEnd().superseded()).isZero();

    RunOwner again =
        new RunClaim(
                world.ledger,
                plan,
                VirtualReplays.SETTINGS,
                world.clock,
                ReplayListener.NONE,
                () -> false)
            .take(RunMode.AGAIN, "")
            .orElseThrow();
    ReplayOutcome outcome = world.process(target, 5, () -> false, plan, records, again).toTheEnd();

    assertThat(outcome.superseded()).isZero();
    assertThat(outcome.acknowledged()).isEqualTo(COUNT);
  }

  @Test
  void everyRecordOfAPlanMayBeSuperseded() {
    HostileTarget target = new HostileTarget(world.clock, 6);
    List<StreamRecord> some = new ArrayList<>(records.subList(0, 999));
    StreamRecord last = records.get(999);
    some.removeIf(record -> !record.partitionKey().equals(last.partitionKey()));
    target.put(last.partitionKey(), others.entry(Fixtures.row(last)).payload());
    ReplayPlan all = skipping(Fixtures.plan(some));

    ReplayOutcome outcome =
        world.process(target, 6, () -> false, all, some, world.claim(all)).toTheEnd();

    assertThat(outcome.ending()).isEqualTo(Ending.FINISHED);
    assertThat(outcome.superseded()).isEqualTo(some.size());
    assertThat(outcome.acknowledged()).isZero();
    assertThat(target.log()).hasSize(1);
  }

  @Test
  void nothingIsSentBeforeTheTargetIsReadAndTheRunStaysOursMeanwhile() {
    HostileTarget target = new HostileTarget(world.clock, 8);
    target.readToTheTip = new CompletableFuture<>();
    VirtualReplays.Process process = process(target, 8);
    for (int minute = 0; minute < 3; minute++) {
      world.clock.advance(Duration.ofMinutes(1));
      process.steps(10);
    }
    assertThat(target.log()).isEmpty();
    Ledger.Newest entry = world.ledger.newest(plan).orElseThrow();
    assertThat(entry.writtenAt()).isAfter(world.clock.instant().minusSeconds(10));

    target.readToTheTip.complete(null);
    assertThat(process.toTheEnd().ending()).isEqualTo(Ending.FINISHED);
  }

  @Test
  void aTargetThatCannotBeReadEndsTheRunWithItsReason() {
    HostileTarget target = new HostileTarget(world.clock, 9);
    target.readToTheTip =
        CompletableFuture.failedFuture(
            new StreamFailure(StreamFailure.Kind.TRANSIENT, "unreadable", null));

    ReplayOutcome outcome = process(target, 9).toTheEnd();

    assertThat(outcome.ending()).isEqualTo(Ending.FAILED);
    assertThat(outcome.error().orElseThrow().code()).isEqualTo(ErrorCode.UNREACHABLE);
    assertThat(target.log()).isEmpty();
  }

  @Test
  void whatIsLeftOutBehindARecordThatDoesNotArriveIsBounded() {
    HostileTarget target = new HostileTarget(world.clock, 7);
    StreamRecord last = records.get(COUNT - 1);
    List<StreamRecord> some = new ArrayList<>(List.of(records.get(0)));
    records.subList(1_000, COUNT - 1).forEach(some::add);
    for (StreamRecord record : some.subList(1, some.size())) {
      StreamRecord newer =
          new StreamRecord(
              record.shard(),
              Fixtures.position(9_000),
              record.partitionKey(),
              last.arrivalTime(),
              last.payload());
      target.put(record.partitionKey(), others.entry(Fixtures.row(newer)).payload());
    }
    ReplayPlan all = skipping(Fixtures.plan(some));
    VirtualReplays.Process process =
        world.process(target, 7, () -> false, all, some, world.claim(all));
    target.down = true;
    process.steps(260);

    assertThat(process.acks.ahead()).isEqualTo(200);
    // Some of the other shard's came before the record that does not arrive.
    assertThat(process.acks.superseded()).isBetween(199L, 220L);

    target.down = false;
    assertThat(process.toTheEnd().superseded()).isEqualTo(some.size() - 1);
    assertThat(linesListed(all)).as("each once").isEqualTo(some.size() - 1);
  }

  /** Another replay's copies of some records: newer than the records before them of their keys. */
  private void putNewer(HostileTarget target, Random random, int count) {
    for (int i = 0; i < count; i++) {
      StreamRecord record = records.get(random.nextInt(COUNT));
      PutEntry entry = others.entry(Fixtures.row(record));
      target.put(entry.partitionKey(), entry.payload());
    }
  }

  private VirtualReplays.Process process(HostileTarget target, long seed) {
    return world.process(target, seed, () -> false, plan, records, world.claim(plan));
  }

  private static ReplayPlan skipping(ReplayPlan plan) {
    return new ReplayPlan(
        plan.stream(),
        plan.receipt(),
        plan.selection(),
        plan.to(),
        plan.delivery().skippingSuperseded(true),
        plan.counts());
  }

  private List<SupersededRecord> listed() {
    List<SupersededRecord> listed = new ArrayList<>();
    world.ledger.superseded(plan, world.ledger.standing(plan)).forEachRemaining(listed::add);
    return listed;
  }

  private long linesListed(ReplayPlan of) {
    long lines = 0;
    for (ObjectInfo info :
        world.store.list(new SupersededRecords(world.store, of.hash(), 1).prefix())) {
      byte[] list = world.store.get(info.key(), 1 << 20).orElseThrow();
      lines += new String(list, StandardCharsets.UTF_8).lines().count();
    }
    return lines;
  }

  private StreamRecord selected(SupersededRecord listed) {
    return records.stream()
        .filter(record -> record.shard().shardId().equals(listed.place().shard()))
        .filter(record -> record.position().text().equals(listed.place().position()))
        .findFirst()
        .orElseThrow();
  }

  private boolean newerOnTarget(HostileTarget target, StreamRecord original) {
    return target.log().stream()
        .filter(record -> record.partitionKey().equals(original.partitionKey()))
        .map(record -> ReceivedRecord.of(RecordWrapper.origin(record), record.payload()))
        .filter(record -> !record.envelope().orElseThrow().header().replayId().equals(plan.id()))
        .anyMatch(record -> record.version().compare(version(original)).orElse(0) > 0);
  }

  private static Version version(StreamRecord record) {
    return ReceivedRecord.of(RecordWrapper.origin(record), record.payload()).version();
  }

  private AuditReport audit(HostileTarget target) {
    ReplayAudit audit = new ReplayAudit(plan);
    target.log().forEach(audit::seen);
    listed().forEach(audit::leftOut);
    return audit.report(records.stream().map(Fixtures::row).iterator());
  }
}
