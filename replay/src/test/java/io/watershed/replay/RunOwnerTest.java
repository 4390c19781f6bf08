package io.watershed.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.checkpoint.After;
import io.watershed.core.config.ReplaySettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.RecordScan.ScanPosition;
import io.watershed.replay.LedgerEntry.State;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class RunOwnerTest {
  private static final ReplaySettings SETTINGS = ReplaySettings.DEFAULTS;

  private final JumpingScheduler clock = new JumpingScheduler();
  private final MemoryStore store = new MemoryStore(clock);
  private final Ledger ledger = new Ledger(store);
  private final ReplayPlan plan = Fixtures.plan(Fixtures.records(10, 3, 1));
  private final ScanPosition place = Fixtures.place(Fixtures.records(10, 3, 1).get(4));

  @Test
  void aStoppedRunGoesOnAtOnceWhereItEnded() {
    RunOwner first = claim().orElseThrow();
    first.write(State.RUNNING, done(2), 0, 0);
    first.write(State.STOPPED, done(5), 0, 1);
    long before = clock.nanoTime();

    RunOwner second = claim().orElseThrow();

    assertThat(clock.nanoTime()).isEqualTo(before);
    assertThat(second.epoch()).isEqualTo(2);
    assertThat(second.before().through()).contains(place);
    assertThat(second.before().acknowledged()).isEqualTo(5);
    assertThat(second.before().shards()).isEqualTo(done(5).shards());
    assertThat(second.before().allAcknowledged()).isEqualTo(6);
    assertThat(second.before().possibleDuplicates()).isEqualTo(1);
  }

  @Test
  void aFinishedRunIsNotRunAgain() {
    claim().orElseThrow().write(State.FINISHED, done(10), 0, 0);
    assertThat(claim()).isEmpty();
  }

  @Test
  void aRunThatStillWritesIsLeftAlone() {
    RunOwner first = claim().orElseThrow();
    first.write(State.RUNNING, done(1), 0, 0);
    AtomicBoolean wrote = new AtomicBoolean();
    BooleanSupplier meanwhile =
        () -> {
          if (!wrote.getAndSet(true)) {
            first.write(State.RUNNING, done(2), 0, 0);
          }
          return false;
        };

    assertThatThrownBy(() -> claim(meanwhile)).satisfies(RunOwnerTest::isFenced);
    first.write(State.RUNNING, done(3), 0, 0); // and it is not disturbed
  }

  @Test
  void aSilentRunIsTakenOverAfterItsLeaseAndARequestsTimeout() {
    claim().orElseThrow().write(State.RUNNING, done(3), 0, 0);
    long before = clock.nanoTime();

    RunOwner second = claim().orElseThrow();

    assertThat(Duration.ofNanos(clock.nanoTime() - before))
        .isGreaterThanOrEqualTo(SETTINGS.lease().plus(SETTINGS.requestTimeout()));
    assertThat(second.before().acknowledged()).isEqualTo(3);
  }

  @Test
  void aRunThatIsSilentForAnHourIsTakenOverAtOnce() {
    claim().orElseThrow().write(State.RUNNING, done(3), 0, 0);
    clock.advance(Duration.ofHours(1));
    long before = clock.nanoTime();

    assertThat(claim()).isPresent();
    assertThat(clock.nanoTime()).isEqualTo(before);
  }

  @Test
  void whoLostTheRunCannotWriteAnyMore() {
    RunOwner first = claim().orElseThrow();
    first.write(State.RUNNING, done(3), 0, 0);
    RunOwner second = claim().orElseThrow();

    assertThatThrownBy(() -> first.write(State.RUNNING, done(4), 0, 0))
        .satisfies(RunOwnerTest::isFenced);
    second.write(State.RUNNING, done(4), 0, 0);
  }

  @Test
  void ofTwoThatWantTheRunOneGetsIt() {
    assertThat(ledger.claim(plan, 1, note())).isTrue();
    assertThat(ledger.claim(plan, 1, note())).isFalse();
  }

  @Test
  void aRenewalIsDueByTimeAndAMustAfterHalfTheLease() {
    RunOwner owner = claim().orElseThrow();
    assertThat(owner.isDue()).isFalse();
    clock.advance(SETTINGS.ledgerInterval());
    assertThat(owner.isDue()).isTrue();
    assertThat(owner.mustRenew()).isFalse();
    clock.advance(SETTINGS.lease().dividedBy(2));
    assertThat(owner.mustRenew()).isTrue();
    owner.write(State.RUNNING, done(1), 0, 0);
    assertThat(owner.mustRenew()).isFalse();
  }

  @Test
  void onlyTheLastEntriesAreKept() {
    RunOwner owner = claim().orElseThrow();
    for (int i = 1; i <= 20; i++) {
      owner.write(State.RUNNING, done(i), 0, 0);
    }
    assertThat(store.list("replays/" + plan.hash() + "/progress/")).hasSize(2);
    assertThat(ledger.newest(plan).orElseThrow().entry().acknowledged()).isEqualTo(20);
  }

  @Test
  void anEntryThatMayNotBeWrittenEndsTheRun() {
    RunOwner owner = claim().orElseThrow();
    store.broken = true;
    assertThatThrownBy(() -> owner.write(State.RUNNING, done(1), 0, 0))
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE));
  }

  @Test
  void aPlanIsFoundByTheBeginningOfItsHash() {
    ledger.keep(plan);
    ledger.keep(plan);
    assertThat(ledger.load(plan.id())).isEqualTo(plan);
    assertThat(ledger.load(plan.hash())).isEqualTo(plan);
    for (String bad : List.of("", "abc", plan.hash() + "0", "../../etc", "000000000000")) {
      assertThatThrownBy(() -> ledger.load(bad))
          .isInstanceOfSatisfying(
              WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }
  }

  private static OwnerNote note() {
    return OwnerNote.of(1, 1, Optional.empty(), "");
  }

  private Optional<RunOwner> claim() {
    return claim(() -> false);
  }

  private Optional<RunOwner> claim(BooleanSupplier stop) {
    return RunOwner.claim(ledger, plan, SETTINGS, clock, ReplayListener.NONE, stop);
  }

  private Acknowledgements.Done done(long count) {
    BitSet ahead = new BitSet();
    ahead.set(3);
    ShardPoint point = new ShardPoint(new After.At(place.position()), ahead);
    return new Acknowledgements.Done(
        Optional.of(place), Map.of(place.shard(), point), count, 0, 0, List.of(), Trail.NONE);
  }

  private static void isFenced(Throwable thrown) {
    assertThat(((WatershedException) thrown).code()).isEqualTo(ErrorCode.FENCED);
  }
}
