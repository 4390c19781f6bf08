package io.watershed.replay;

import io.watershed.core.config.ReplaySettings;
import io.watershed.query.QueryEngine;
import io.watershed.reservoir.Reservoir;
import java.util.function.BooleanSupplier;

/** Plans and runs replays over one reservoir. Thread-safe. */
public interface Replays {
  /**
   * Over one reservoir.
   *
   * @param reservoir where the ledger is; stays the caller's
   * @param engine reads the records; stays the caller's
   * @param targets opens target streams
   */
  @SuppressWarnings("DoNotCallSuggester") // until it is built
  static Replays of(
      Reservoir reservoir, QueryEngine engine, Targets targets, ReplaySettings settings) {
    throw new UnsupportedOperationException("being built");
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
   * The plan with this hash, or with an id that begins only one.
   *
   * @throws io.watershed.core.error.WatershedException {@code not-found}
   */
  ReplayPlan load(String id);

  /**
   * Runs a plan to its end, or goes on where an earlier run of it ended. Returns when every record
   * is acknowledged, when the signal turns true (then with what was in flight settled), or when an
   * error ends it; the outcome says which.
   *
   * @throws io.watershed.core.error.WatershedException if it could not begin: {@code fenced} if
   *     another process is running the plan, {@code refused} if the target is not what the plan was
   *     made for
   */
  ReplayOutcome run(ReplayPlan plan, ReplayListener listener, BooleanSupplier stopRequested);
}
