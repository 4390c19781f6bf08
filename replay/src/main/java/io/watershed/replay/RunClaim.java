package io.watershed.replay;

import io.watershed.core.config.ReplaySettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.time.Scheduler;
import io.watershed.replay.LedgerEntry.State;
import io.watershed.reservoir.replays.Operator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes a plan's run to send its records, or to change its state (PROTOCOL 6.5). Every change looks
 * how the run stands, decides, and takes the next epoch: of several that saw the same, exactly one
 * gets it, and the others look again or give up. So nothing is decided on what is no longer true.
 *
 * <p>An owner whose last entry is not {@code RUNNING} writes no more, so its run can be taken at
 * once. One that is {@code RUNNING} is asked; it is taken over only when it was silent for its
 * lease and a request's timeout.
 */
final class RunClaim {
  /** Clocks of store and machine may differ by this much. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(10);

  private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);
  private static final int MAX_LOOKS = 100;

  private final Ledger ledger;
  private final ReplayPlan plan;
  private final ReplaySettings settings;
  private final Scheduler clock;
  private final ReplayListener listener;
  private final BooleanSupplier stopRequested;

  RunClaim(
      Ledger ledger,
      ReplayPlan plan,
      ReplaySettings settings,
      Scheduler clock,
      ReplayListener listener,
      BooleanSupplier stopRequested) {
    this.ledger = ledger;
    this.plan = plan;
    this.settings = settings;
    this.clock = clock;
    this.listener = listener;
    this.stopRequested = stopRequested;
  }

  /**
   * Takes the run to send its records.
   *
   * @param targetArn for the audit
   * @return empty if the run is finished, or if the signal turned true while waiting
   * @throws WatershedException {@code fenced} if another process is running it, {@code refused} if
   *     its state does not go with the mode
   */
  Optional<RunOwner> take(RunMode mode, String targetArn) {
    Optional<Standing> quiet = awaitNobodyRuns(mode);
    if (quiet.isEmpty() || (quiet.get().is(State.FINISHED) && mode != RunMode.AGAIN)) {
      return Optional.empty();
    }
    Standing standing = quiet.get();
    boolean isNew = standing.epoch() == 0 || mode == RunMode.AGAIN;
    RunOwner owner =
        claim(standing, isNew, Optional.empty(), targetArn)
            .orElseThrow(() -> RunOwner.elsewhere(plan));
    if (!isNew && owner.before().state() == State.FINISHED) {
      owner.leaveAsBefore(); // it finished while we took it for dead, so it stays finished
      return Optional.empty();
    }
    Optional<Control> pending = isNew ? Optional.empty() : pending(standing);
    if (pending.isPresent()
        && (mode == RunMode.START || pending.get().action() == Control.Action.CANCEL)) {
      owner.leave(pending.get());
      throw refusal(mode, pending.get().action().state());
    }
    return Optional.of(owner);
  }

  /**
   * Pauses or cancels the run: asks the process that has it and waits until it has, or does it here
   * if none has it.
   *
   * @return how it stands then; still {@code RUNNING} only if the signal turned true
   * @throws WatershedException {@code refused} if the run is over or has not begun
   */
  Standing change(Control control) {
    Standing seen = ledger.standing(plan);
    long seenNanos = clock.nanoTime();
    boolean told = false;
    while (!stopRequested.getAsBoolean()) {
      if (isDone(seen, control)) {
        return seen;
      }
      boolean silent = clock.nanoTime() - seenNanos >= patience().toNanos() || isLongAgo(seen);
      if (!seen.is(State.RUNNING) || silent) {
        // Somebody who takes the run in this moment is asked in the next round.
        claim(seen, false, Optional.of(control.action()), "")
            .ifPresent(owner -> leave(owner, control));
      } else {
        ledger.ask(plan, seen.epoch(), control);
        if (!told) {
          listener.waitingForOwner(by(seen), patience());
          told = true;
        }
        clock.sleep(LOOK_INTERVAL).join();
      }
      Standing now = ledger.standing(plan);
      if (!now.isUnchangedSince(seen)) {
        seen = now;
        seenNanos = clock.nanoTime();
      }
    }
    return seen;
  }

  private static void leave(RunOwner owner, Control control) {
    if (owner.before().state() == State.FINISHED) {
      owner.leaveAsBefore();
    } else {
      owner.leave(control);
    }
  }

  private boolean isDone(Standing standing, Control control) {
    if (standing.is(control.action().state())) {
      return true;
    }
    boolean isPause = control.action() == Control.Action.PAUSE;
    if (standing.epoch() == 0 && isPause) {
      throw new WatershedException(
          ErrorCode.REFUSED,
          "Replay " + plan.id() + " has not begun, so there is nothing to pause",
          "To keep it from being run: watershed replay cancel " + plan.id());
    }
    if (standing.is(State.FINISHED) || standing.is(State.CANCELLED)) {
      throw new WatershedException(
          ErrorCode.REFUSED,
          "Replay "
              + plan.id()
              + (standing.is(State.FINISHED) ? " is finished" : " is cancelled already")
              + ", so there is nothing to "
              + (isPause ? "pause" : "cancel"),
          "Its record: watershed replay show " + plan.id());
    }
    return false;
  }

  /** How the run stands when nobody runs it; empty if the signal turned true. */
  private Optional<Standing> awaitNobodyRuns(RunMode mode) {
    for (int i = 0; i < MAX_LOOKS; i++) {
      Standing standing = ledger.standing(plan);
      refuse(mode, standing);
      if (!standing.is(State.RUNNING) || isLongAgo(standing)) {
        return Optional.of(standing);
      }
      listener.waitingForOtherRun(by(standing), patience());
      Optional<Standing> later = awaitSilence(standing);
      if (later.isEmpty() || later.get().is(State.RUNNING)) {
        return later;
      }
    }
    throw RunOwner.elsewhere(plan); // others change it all the time
  }

  /** The same standing after its owner was silent for long enough, or another state. */
  private Optional<Standing> awaitSilence(Standing standing) {
    long start = clock.nanoTime();
    while (clock.nanoTime() - start < patience().toNanos()) {
      if (stopRequested.getAsBoolean()) {
        return Optional.empty();
      }
      clock.sleep(LOOK_INTERVAL).join();
      Standing now = ledger.standing(plan);
      if (!now.is(State.RUNNING)) {
        return Optional.of(now);
      }
      if (!now.isUnchangedSince(standing)) {
        throw RunOwner.elsewhere(plan);
      }
    }
    return Optional.of(standing);
  }

  private void refuse(RunMode mode, Standing standing) {
    State state = standing.state().orElse(null);
    boolean isOver = state == State.FINISHED || state == State.CANCELLED;
    boolean isRefused =
        switch (mode) {
          case START -> state == State.PAUSED || state == State.CANCELLED;
          case RESUME -> state == null || state == State.CANCELLED;
          case AGAIN -> state != null && !isOver;
        };
    if (isRefused) {
      throw refusal(mode, state);
    }
  }

  private WatershedException refusal(RunMode mode, @Nullable State state) {
    String replay = "watershed replay ";
    if (state == null) {
      return new WatershedException(
          ErrorCode.REFUSED,
          "Replay " + plan.id() + " has not begun",
          "Begin with: " + replay + "run " + plan.id());
    }
    String is = "Replay " + plan.id() + " is " + state.name().toLowerCase(Locale.ROOT);
    if (state == State.CANCELLED) {
      return new WatershedException(
          ErrorCode.REFUSED,
          is + ": it does not go on",
          "For a new run from its beginning: " + replay + "run " + plan.id() + " --force");
    }
    String resume = "Go on with: " + replay + "resume " + plan.id();
    return mode == RunMode.AGAIN
        ? new WatershedException(
            ErrorCode.REFUSED,
            is + ", so there is no new run of it yet",
            resume + ", or cancel it first: " + replay + "cancel " + plan.id())
        : new WatershedException(ErrorCode.REFUSED, is, resume);
  }

  /** Takes the next epoch; empty if another process took it since. */
  private Optional<RunOwner> claim(
      Standing standing, boolean isNew, Optional<Control.Action> action, String targetArn) {
    long epoch = standing.epoch() + 1;
    long run = Math.max(1, standing.run() + (isNew ? 1 : 0));
    long firstEpoch = isNew ? epoch : standing.firstEpoch();
    if (!ledger.claim(plan, epoch, OwnerNote.of(run, firstEpoch, action, targetArn))) {
      return Optional.empty();
    }
    LedgerEntry before = isNew ? LedgerEntry.NONE : ledger.standing(plan).entry();
    return Optional.of(new RunOwner(ledger, plan, settings, clock, firstEpoch, epoch, before));
  }

  /** What the owner whose epoch this is was asked and did not do. */
  private Optional<Control> pending(Standing standing) {
    List<Control> asked = new ArrayList<>(ledger.controls(plan, standing.epoch()));
    if (standing.isJustTaken()) {
      standing
          .note()
          .flatMap(note -> note.action().map(action -> new Control(action, note.by())))
          .ifPresent(asked::add);
    }
    return RunOwner.strongest(asked);
  }

  private boolean isLongAgo(Standing standing) {
    return standing.lastSign().plus(patience()).plus(CLOCK_TOLERANCE).isBefore(clock.instant());
  }

  private Duration patience() {
    return settings.lease().plus(settings.requestTimeout());
  }

  private static String by(Standing standing) {
    return standing.note().map(OwnerNote::by).orElse(Operator.UNKNOWN).toString();
  }
}
