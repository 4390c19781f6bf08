package io.watershed.replay;

import io.watershed.core.config.ReplayGuards;
import io.watershed.core.config.ReplaySettings;
import io.watershed.core.time.RealScheduler;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.StreamSource;
import io.watershed.query.QueryEngine;
import io.watershed.reservoir.Reservoir;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** Plans and runs replays over one reservoir. Thread-safe. */
public interface Replays {
  /**
   * Over one reservoir, by the machine's clock.
   *
   * @param reservoir where the ledger is; stays the caller's
   * @param engine reads the records; stays the caller's
   * @param targets opens target streams
   * @param guards what is allowed
   */
  static Replays of(
      Reservoir reservoir,
      QueryEngine engine,
      Targets targets,
      ReplaySettings settings,
      ReplayGuards guards) {
    Scheduler clock = new RealScheduler("replay-timers");
    return of(reservoir, engine, targets, settings, guards, clock, new SplittableRandom());
  }

  /**
   * Over one reservoir.
   *
   * @param scheduler leases, pace, progress
   * @param random jitter of retries
   */
  static Replays of(
      Reservoir reservoir,
      QueryEngine engine,
      Targets targets,
      ReplaySettings settings,
      ReplayGuards guards,
      Scheduler scheduler,
      RandomGenerator random) {
    return new StreamReplays(reservoir, engine, targets, settings, guards, scheduler, random);
  }

  /**
   * Freezes a plan: checks the target, fixes the cut, counts what is selected, and stores the plan
   * in the ledger.
   *
   * @throws io.watershed.core.error.WatershedException {@code stream-not-found}, {@code refused}
   *     for a target that is not active or is the source without being allowed, {@code limit} if
   *     records are too large for the target and not to be skipped, and whatever a scan throws
   */
  ReplayPlan plan(ReplayRequest request);

  /**
   * Looks ahead: what a run of the plan would do.
   *
   * @param preview how many of the first records are wanted
   * @throws io.watershed.core.error.WatershedException as {@link #run}
   */
  PlanOutlook outlook(ReplayPlan plan, int preview);

  /**
   * The plan with this hash, or with an id that begins only one.
   *
   * @throws io.watershed.core.error.WatershedException {@code not-found}
   */
  ReplayPlan load(String id);

  /**
   * Runs a plan to its end, or goes on where an earlier run of it ended. Returns when every record
   * is acknowledged, when the signal turns true or somebody pauses or cancels the run (then with
   * what was in flight settled), or when an error ends it; the outcome says which.
   *
   * @throws io.watershed.core.error.WatershedException if it could not begin: {@code fenced} if
   *     another process is running the plan, {@code refused} if the target is not what the plan was
   *     made for, or if the mode does not go with how the plan's last run ended
   */
  ReplayOutcome run(
      ReplayPlan plan, RunMode mode, ReplayListener listener, BooleanSupplier stopRequested);

  /** Begins, or goes on: {@link RunMode#START}. */
  default ReplayOutcome run(
      ReplayPlan plan, ReplayListener listener, BooleanSupplier stopRequested) {
    return run(plan, RunMode.START, listener, stopRequested);
  }

  /**
   * Reads the whole target and compares it with the plan, independently of what the run counted: is
   * every planned record there, unchanged, and are first appearances in the archive's order? Of a
   * plan that ran several times, only what the last run sent counts.
   *
   * @param target the target stream; stays the caller's
   * @throws io.watershed.core.error.WatershedException {@code invalid-input} if the replay sent no
   *     envelopes, {@code limit} if the plan is too large to be held in memory
   */
  AuditReport audit(ReplayPlan plan, StreamSource target);
}
