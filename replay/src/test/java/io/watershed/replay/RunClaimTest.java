package io.watershed.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.ReplaySettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.replay.LedgerEntry.State;
import io.watershed.reservoir.replays.Operator;
import io.watershed.reservoir.replays.ReplayKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Every change of a run's state, in virtual time, also those that race. */
class RunClaimTest {
  private static final ReplaySettings SETTINGS = ReplaySettings.DEFAULTS;
  private static final Duration PATIENCE = SETTINGS.lease().plus(SETTINGS.requestTimeout());
  private static final Control PAUSE =
      new Control(Control.Action.PAUSE, new Operator("ana", "box"));
  private static final Control CANCEL =
      new Control(Control.Action.CANCEL, new Operator("ben", "box"));

  private final JumpingScheduler clock = new JumpingScheduler();
  private final MemoryStore store = new MemoryStore(clock);
  private final Ledger ledger = new Ledger(store);
  private final ReplayPlan plan = Fixtures.plan(Fixtures.records(10, 3, 1));
  private final List<Duration> waits = new ArrayList<>();

  @Test
  void aRunThatNobodyHasIsPausedAtOnceAndOnlyResumed() {
    take(RunMode.START).orElseThrow().write(State.STOPPED, done(4), 0, 1);
    long before = clock.nanoTime();

    Standing paused = change(PAUSE);

    assertThat(clock.nanoTime()).isEqualTo(before);
    assertThat(paused.state()).contains(State.PAUSED);
    assertThat(paused.entry().acknowledged()).isEqualTo(4);
    assertThat(paused.entry().possibleDuplicates()).isEqualTo(1);
    assertThat(paused.entry().requestedBy()).contains(PAUSE.by());
    refused("resume", () -> take(RunMode.START));
    refused("cancel", () -> take(RunMode.AGAIN));
    assertThat(change(PAUSE).epoch()).as("said again, nothing changes").isEqualTo(paused.epoch());
    RunOwner resumed = take(RunMode.RESUME).orElseThrow();
    assertThat(resumed.before().acknowledged()).isEqualTo(4);
    assertThat(ledger.standing(plan).run()).isEqualTo(1);
  }

  @Test
  void theOwnerIsAskedAndWaitedFor() {
    RunOwner owner = take(RunMode.START).orElseThrow();
    owner.write(State.RUNNING, done(1), 0, 0);
    int[] looks = {0};
    Standing paused =
        change(
            PAUSE,
            () -> {
              if (looks[0]++ == 3) {
                assertThat(owner.control()).contains(PAUSE);
                owner.write(State.PAUSED, done(3), 0, 0);
              }
              return false;
            });

    assertThat(paused.entry().acknowledged()).isEqualTo(3);
    assertThat(paused.entry().requestedBy()).contains(PAUSE.by());
    assertThat(paused.epoch()).as("nobody else wrote").isEqualTo(1);
    assertThat(waits).containsExactly(PATIENCE);
  }

  @Test
  void aRunThatFinishesWhileItIsTakenOverStaysFinished() {
    RunOwner owner = take(RunMode.START).orElseThrow();
    owner.write(State.RUNNING, done(1), 0, 0);
    clock.advance(PATIENCE.plus(Duration.ofMinutes(11)));
    onEpoch(2, () -> owner.write(State.FINISHED, done(3), 0, 0));

    assertThat(take(RunMode.RESUME)).isEmpty();

    Standing standing = ledger.standing(plan);
    assertThat(standing.epoch()).isEqualTo(2);
    assertThat(standing.state()).contains(State.FINISHED);
    assertThat(standing.entry().acknowledged()).isEqualTo(3);
  }

  @Test
  void aSilenceThatClocksMayAccountForIsWaitedFor() {
    take(RunMode.START).orElseThrow().write(State.RUNNING, done(1), 0, 0);
    clock.advance(PATIENCE.plus(Duration.ofMinutes(9)));
    long begin = clock.nanoTime();

    assertThat(take(RunMode.RESUME)).isPresent();

    assertThat(clock.nanoTime() - begin).isGreaterThanOrEqualTo(PATIENCE.toNanos());
  }

  @Test
  void whatADeadProcessTookTheRunForIsDoneByWhoeverTakesItNext() {
    take(RunMode.START).orElseThrow().write(State.STOPPED, done(4), 0, 0);
    ledger.claim(plan, 2, OwnerNote.of(1, 1, Optional.of(Control.Action.CANCEL), ""));
    clock.advance(PATIENCE.plus(Duration.ofMinutes(11)));

    refused("--force", () -> take(RunMode.RESUME));

    assertThat(ledger.standing(plan).state()).contains(State.CANCELLED);
    assertThat(ledger.standing(plan).entry().acknowledged()).isEqualTo(4);
  }

  /** Something happens just before somebody takes this epoch. */
  private void onEpoch(long epoch, Runnable what) {
    String owner = ReplayKeys.owner(plan.hash(), epoch);
    store.beforeCreate =
        key -> {
          if (key.equals(owner)) {
            store.beforeCreate = other -> {};
            what.run();
          }
        };
  }

  @Test
  void anOwnerLooksAboutEverySecondAndEndsIfAskedBoth() {
    RunOwner owner = take(RunMode.START).orElseThrow();
    ledger.ask(plan, 1, PAUSE);
    assertThat(owner.control()).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(owner.control()).contains(PAUSE);
    ledger.ask(plan, 1, CANCEL);
    ledger.ask(plan, 1, PAUSE);
    clock.advance(Duration.ofSeconds(1));
    assertThat(owner.control()).contains(CANCEL);
    assertThat(ledger.controls(plan, 1)).containsExactly(PAUSE, CANCEL);
  }

  @Test
  void aDeadOwnersRunIsPausedWhenItIsSurelyDead() {
    take(RunMode.START).orElseThrow().write(State.RUNNING, done(2), 0, 0);
    long before = clock.nanoTime();

    Standing paused = change(PAUSE);

    assertThat(Duration.ofNanos(clock.nanoTime() - before)).isGreaterThanOrEqualTo(PATIENCE);
    assertThat(paused.state()).contains(State.PAUSED);
    assertThat(paused.entry().acknowledged()).isEqualTo(2);
    refused("resume", () -> take(RunMode.START));
  }

  @Test
  void aRunThatFinishesBeforeItSeesThePauseIsFinished() {
    RunOwner owner = take(RunMode.START).orElseThrow();
    owner.write(State.RUNNING, done(1), 0, 0);

    refused(
        "show",
        () ->
            change(
                PAUSE,
                () -> {
                  if (ledger.controls(plan, 1).size() == 1) {
                    owner.write(State.FINISHED, done(10), 0, 0);
                  }
                  return false;
                }));
    assertThat(ledger.standing(plan).state()).contains(State.FINISHED);
    assertThat(take(RunMode.RESUME)).isEmpty();
  }

  @Test
  void aRunThatFinishesWhileItIsTakenForDeadStaysFinished() {
    RunOwner owner = take(RunMode.START).orElseThrow();
    owner.write(State.RUNNING, done(1), 0, 0);
    clock.advance(Duration.ofHours(1));
    boolean[] once = {false};
    BooleanSupplier finishLate =
        () -> {
          if (!once[0]) {
            once[0] = true;
            owner.write(State.FINISHED, done(10), 0, 0);
          }
          return false;
        };
    refused("show", () -> change(CANCEL, finishLate));
    assertThat(ledger.standing(plan).state()).contains(State.FINISHED);
  }

  @Test
  void ofTwoThatResumeOneGoesOn() {
    take(RunMode.START).orElseThrow().write(State.STOPPED, done(4), 0, 0);
    change(PAUSE);
    RunOwner first = take(RunMode.RESUME).orElseThrow();

    // The first has not even written an entry yet.
    boolean[] wrote = {false};
    assertThatThrownBy(
            () ->
                take(
                    RunMode.RESUME,
                    () -> {
                      if (!wrote[0]) {
                        wrote[0] = true;
                        first.write(State.RUNNING, done(4), 0, 0);
                      }
                      return false;
                    }))
        .satisfies(RunClaimTest::isFenced);
    first.write(State.RUNNING, done(5), 0, 0);
    assertThat(ledger.lastEpoch(plan)).isEqualTo(first.epoch());
  }

  @Test
  void whoTakesAnEpochAndDiesIsWaitedForToo() {
    assertThat(take(RunMode.START)).isPresent(); // and it writes nothing
    long before = clock.nanoTime();

    assertThat(take(RunMode.START)).isPresent();
    assertThat(Duration.ofNanos(clock.nanoTime() - before)).isGreaterThanOrEqualTo(PATIENCE);
  }

  @Test
  void whatADeadOwnerWasAskedHoldsForWhoeverTakesOver() {
    take(RunMode.START).orElseThrow().write(State.RUNNING, done(2), 0, 0);
    ledger.ask(plan, 1, PAUSE); // and whoever asked died, too

    refused("resume", () -> take(RunMode.START));
    assertThat(ledger.standing(plan).state()).contains(State.PAUSED);
    RunOwner resumed = take(RunMode.RESUME).orElseThrow();
    assertThat(resumed.before().acknowledged()).isEqualTo(2);
    resumed.write(State.RUNNING, done(3), 0, 0);
    ledger.ask(plan, resumed.epoch(), CANCEL);
    refused("--force", () -> take(RunMode.RESUME));
    assertThat(ledger.standing(plan).state()).contains(State.CANCELLED);
  }

  @Test
  void aCancelReachesWhoTookTheRunOverMeanwhile() {
    take(RunMode.START).orElseThrow().write(State.RUNNING, done(2), 0, 0);
    RunOwner[] second = {null};
    Standing cancelled =
        change(
            CANCEL,
            () -> {
              if (second[0] == null && ledger.controls(plan, 1).size() == 1) {
                // As if it had looked before the cancel was written.
                ledger.claim(plan, 2, OwnerNote.of(1, 1, Optional.empty(), ""));
                LedgerEntry before = ledger.standing(plan).entry();
                second[0] = new RunOwner(ledger, plan, SETTINGS, clock, 1, 2, before);
                second[0].write(State.RUNNING, done(2), 0, 0);
              } else if (second[0] != null && second[0].control().isPresent()) {
                second[0].write(State.CANCELLED, done(3), 0, 0);
              }
              return false;
            });

    assertThat(cancelled.state()).contains(State.CANCELLED);
    assertThat(cancelled.epoch()).isEqualTo(2);
    assertThat(cancelled.entry().acknowledged()).isEqualTo(3);
  }

  @Test
  void aCancelledPlanRunsAgainOnlyAsANewRun() {
    change(CANCEL); // before it ever ran
    refused("--force", () -> take(RunMode.START));
    refused("--force", () -> take(RunMode.RESUME));
    refused("show", () -> change(PAUSE));

    RunOwner again = take(RunMode.AGAIN).orElseThrow();
    assertThat(again.before()).isEqualTo(LedgerEntry.NONE);
    assertThat(ledger.standing(plan).run()).isEqualTo(2);
  }

  @Test
  void aNewRunOfAFinishedPlanCountsAnewAndTheOldOneStaysReadable() {
    take(RunMode.START).orElseThrow().write(State.FINISHED, done(10), 0, 2);
    assertThat(take(RunMode.START)).isEmpty();
    assertThat(take(RunMode.RESUME)).isEmpty();

    RunOwner second = take(RunMode.AGAIN).orElseThrow();
    assertThat(second.before().allAcknowledged()).isZero();
    assertThat(second.before().possibleDuplicates()).isZero();
    second.write(State.RUNNING, done(1), 0, 0);
    refused("resume", () -> take(RunMode.AGAIN));
    second.write(State.STOPPED, done(2), 0, 0);
    RunOwner third = take(RunMode.START).orElseThrow();
    assertThat(third.before().acknowledged()).isEqualTo(2);
    Standing standing = ledger.standing(plan);
    assertThat(standing.run()).isEqualTo(2);
    assertThat(standing.firstEpoch()).as("what run 1 sent has earlier ones").isEqualTo(2);
  }

  @Test
  void aForcedRunThatDiedBeforeItsFirstEntryIsNotFinished() {
    take(RunMode.START).orElseThrow().write(State.FINISHED, done(10), 0, 0);
    assertThat(take(RunMode.AGAIN)).isPresent();

    RunOwner next = take(RunMode.START).orElseThrow();
    assertThat(next.before()).isEqualTo(LedgerEntry.NONE);
    assertThat(ledger.standing(plan).run()).isEqualTo(2);
  }

  @Test
  void whatHasNotBegunIsNeitherPausedNorResumed() {
    refused("cancel", () -> change(PAUSE));
    refused("replay run", () -> take(RunMode.RESUME));
    assertThat(ledger.lastEpoch(plan)).isZero();
  }

  @Test
  void whoAsksMayStopWaiting() {
    take(RunMode.START).orElseThrow().write(State.RUNNING, done(2), 0, 0);
    Standing standing = change(PAUSE, () -> !waits.isEmpty());

    assertThat(standing.state()).contains(State.RUNNING);
    assertThat(ledger.controls(plan, 1)).containsExactly(PAUSE);
  }

  private Optional<RunOwner> take(RunMode mode) {
    return take(mode, () -> false);
  }

  private Optional<RunOwner> take(RunMode mode, BooleanSupplier stop) {
    return claim(stop).take(mode, "arn:again");
  }

  private Standing change(Control control) {
    return change(control, () -> false);
  }

  private Standing change(Control control, BooleanSupplier stop) {
    return claim(stop).change(control);
  }

  private RunClaim claim(BooleanSupplier stop) {
    ReplayListener listener =
        new ReplayListener() {
          @Override
          public void progress(ReplayProgress progress) {}

          @Override
          public void waitingForOwner(String owner, Duration atMostSilent) {
            waits.add(atMostSilent);
          }
        };
    return new RunClaim(ledger, plan, SETTINGS, clock, listener, stop);
  }

  private Acknowledgements.Done done(long count) {
    return new Acknowledgements.Done(
        Optional.of(Fixtures.place(Fixtures.records(10, 3, 1).get((int) count % 10))),
        Map.of(),
        count,
        0,
        0,
        List.of(),
        Trail.NONE);
  }

  private static void refused(String hint, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            WatershedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.REFUSED);
              assertThat(e.hint()).contains(hint);
            });
  }

  private static void isFenced(Throwable thrown) {
    assertThat(((WatershedException) thrown).code()).isEqualTo(ErrorCode.FENCED);
  }
}
