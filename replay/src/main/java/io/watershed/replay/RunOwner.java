package io.watershed.replay;

import io.watershed.core.config.ReplaySettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.time.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * This process' hold on a run (PROTOCOL 6.5). Each ledger entry renews it; before each one it looks
 * whether another process took over. A sender whose renewal is older than half the lease must renew
 * before it sends more.
 *
 * <p>Two senders at once can never break a key's order: each sends a record only after the one
 * before it was acknowledged, to itself or to whoever wrote the entry it began from. They can only
 * send records twice.
 */
final class RunOwner {
  /** Somebody who pauses a run waits about this long until the owner has seen it. */
  private static final Duration CONTROL_INTERVAL = Duration.ofSeconds(1);

  private final Ledger ledger;
  private final ReplayPlan plan;
  private final ReplaySettings settings;
  private final Scheduler clock;
  private final long firstEpoch;
  private final long epoch;
  private final LedgerEntry before;
  private long number;
  private volatile long renewedNanos;
  private long askedNanos;
  private Optional<Control> control = Optional.empty();

  /**
   * @param firstEpoch the first of the run
   * @param before what was done in the run
   */
  RunOwner(
      Ledger ledger,
      ReplayPlan plan,
      ReplaySettings settings,
      Scheduler clock,
      long firstEpoch,
      long epoch,
      LedgerEntry before) {
    this.ledger = ledger;
    this.plan = plan;
    this.settings = settings;
    this.clock = clock;
    this.firstEpoch = firstEpoch;
    this.epoch = epoch;
    this.before = before;
    this.renewedNanos = clock.nanoTime();
    this.askedNanos = renewedNanos;
  }

  /** What somebody asked this owner to do; looks about every second. */
  Optional<Control> control() {
    long now = clock.nanoTime();
    if (now - askedNanos >= CONTROL_INTERVAL.toNanos()) {
      askedNanos = now;
      control = strongest(ledger.controls(plan, epoch));
    }
    return control;
  }

  /** A run that was asked to pause and to end, ends. */
  static Optional<Control> strongest(List<Control> controls) {
    return controls.stream().max(Comparator.comparing(Control::action));
  }

  /** Leaves the run in a state that somebody asked for, with nothing done in between. */
  void leave(Control asked) {
    control = Optional.of(asked);
    writeAsBefore(asked.action().state());
  }

  /** Leaves the run in the state that it was in. */
  void leaveAsBefore() {
    writeAsBefore(before.state());
  }

  private void writeAsBefore(LedgerEntry.State state) {
    write(state, Acknowledgements.Done.of(before), 0, 0);
  }

  /**
   * Takes the run over from whoever had it last, as {@link RunClaim#take} does to begin or go on.
   */
  static Optional<RunOwner> claim(
      Ledger ledger,
      ReplayPlan plan,
      ReplaySettings settings,
      Scheduler clock,
      ReplayListener listener,
      BooleanSupplier stopRequested) {
    return new RunClaim(ledger, plan, settings, clock, listener, stopRequested)
        .take(RunMode.START, "");
  }

  /** The epoch for the envelopes of this process. */
  long epoch() {
    return epoch;
  }

  /** What was done before this process. */
  LedgerEntry before() {
    return before;
  }

  /** Whether an entry is due, by time. */
  boolean isDue() {
    return sinceRenewal().compareTo(settings.ledgerInterval()) >= 0;
  }

  /** Whether nothing may be sent before an entry is written. Thread-safe. */
  boolean mustRenew() {
    return sinceRenewal().multipliedBy(2).compareTo(settings.lease()) > 0;
  }

  private Duration sinceRenewal() {
    return Duration.ofNanos(clock.nanoTime() - renewedNanos);
  }

  /**
   * Writes an entry and so renews the hold.
   *
   * @throws WatershedException {@code fenced} if another process took the run over
   */
  void write(
      LedgerEntry.State state,
      Acknowledgements.Done done,
      long orderViolations,
      long possibleDuplicates) {
    if (ledger.lastEpoch(plan) != epoch) {
      throw elsewhere(plan);
    }
    long start = clock.nanoTime();
    number++;
    ledger.list(plan, firstEpoch, epoch, number, done);
    ledger.write(
        plan,
        new LedgerEntry(
            epoch,
            number,
            state,
            done.through(),
            done.shards(),
            done.acknowledged(),
            done.skipped(),
            done.superseded(),
            before.orderViolations() + orderViolations,
            before.possibleDuplicates() + possibleDuplicates,
            done.trail(),
            control.filter(asked -> asked.action().state() == state).map(Control::by)));
    renewedNanos = start;
  }

  /** Another process has the run. */
  static WatershedException elsewhere(ReplayPlan plan) {
    return new WatershedException(
        ErrorCode.FENCED,
        "Another process is running replay " + plan.id(),
        "See who: watershed replay show "
            + plan.id()
            + ". Let it finish, or pause it and go on here with 'replay resume'.");
  }
}
