package io.watershed.replay;

import io.watershed.core.config.ReplaySettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.time.Scheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
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
  /** Clocks of store and machine may differ by this much. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(10);

  private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);

  private final Ledger ledger;
  private final ReplayPlan plan;
  private final ReplaySettings settings;
  private final Scheduler clock;
  private final long epoch;
  private final LedgerEntry before;
  private long number;
  private volatile long renewedNanos;

  private RunOwner(
      Ledger ledger,
      ReplayPlan plan,
      ReplaySettings settings,
      Scheduler clock,
      long epoch,
      LedgerEntry before) {
    this.ledger = ledger;
    this.plan = plan;
    this.settings = settings;
    this.clock = clock;
    this.epoch = epoch;
    this.before = before;
    this.renewedNanos = clock.nanoTime();
  }

  /**
   * Takes the run over from whoever had it last, after making sure that it is not running.
   *
   * @return empty if the run is finished, or if the signal turned true while waiting
   * @throws WatershedException {@code fenced} if another process is running it
   */
  static Optional<RunOwner> claim(
      Ledger ledger,
      ReplayPlan plan,
      ReplaySettings settings,
      Scheduler clock,
      ReplayListener listener,
      BooleanSupplier stopRequested) {
    if (!awaitNobodyRuns(ledger, plan, settings, clock, listener, stopRequested)) {
      return Optional.empty();
    }
    long epoch = ledger.lastEpoch(plan) + 1;
    if (!ledger.claim(plan, epoch, UUID.randomUUID().toString())) {
      throw elsewhere(plan);
    }
    LedgerEntry last = ledger.newest(plan).map(Ledger.Newest::entry).orElse(LedgerEntry.NONE);
    return last.state() == LedgerEntry.State.FINISHED
        ? Optional.empty()
        : Optional.of(new RunOwner(ledger, plan, settings, clock, epoch, last));
  }

  private static boolean awaitNobodyRuns(
      Ledger ledger,
      ReplayPlan plan,
      ReplaySettings settings,
      Scheduler clock,
      ReplayListener listener,
      BooleanSupplier stopRequested) {
    Optional<Ledger.Newest> first = ledger.newest(plan);
    if (first.isEmpty() || first.get().entry().state() != LedgerEntry.State.RUNNING) {
      return first.isEmpty() || first.get().entry().state() != LedgerEntry.State.FINISHED;
    }
    Duration patience = settings.lease().plus(settings.requestTimeout());
    if (isLongAgo(first.get(), patience, clock)) {
      return true;
    }
    listener.waitingForOtherRun(patience);
    long start = clock.nanoTime();
    while (clock.nanoTime() - start < patience.toNanos()) {
      if (stopRequested.getAsBoolean()) {
        return false;
      }
      clock.sleep(LOOK_INTERVAL).join();
      LedgerEntry now = ledger.newest(plan).orElse(first.get()).entry();
      if (now.state() != LedgerEntry.State.RUNNING) {
        return now.state() != LedgerEntry.State.FINISHED;
      }
      if (!now.equals(first.get().entry())) {
        throw elsewhere(plan);
      }
    }
    return true;
  }

  private static boolean isLongAgo(Ledger.Newest newest, Duration patience, Scheduler clock) {
    return newest.writtenAt().plus(patience).plus(CLOCK_TOLERANCE).isBefore(clock.instant());
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
    ledger.write(
        plan,
        new LedgerEntry(
            epoch,
            number,
            state,
            done.through(),
            done.acknowledged(),
            done.skipped(),
            done.ahead(),
            before.orderViolations() + orderViolations,
            before.possibleDuplicates() + possibleDuplicates));
    renewedNanos = start;
  }

  private static WatershedException elsewhere(ReplayPlan plan) {
    return new WatershedException(
        ErrorCode.FENCED,
        "Another process is running replay " + plan.id(),
        "Let it finish, or stop it; then run the plan again, and it goes on from there.");
  }
}
