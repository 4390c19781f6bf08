package io.watershed.replay;

import io.watershed.core.config.ReplaySettings;
import io.watershed.core.time.Scheduler;
import io.watershed.replay.LedgerEntry.State;
import io.watershed.reservoir.replays.Operator;
import io.watershed.reservoir.store.ObjectStore;
import java.util.function.BooleanSupplier;

/** Changes the state of runs, wherever they run, through the ledger alone. Thread-safe. */
public final class ReplayControls {
  private final Ledger ledger;
  private final ReplaySettings settings;
  private final Scheduler clock;

  /**
   * Over a reservoir's ledger.
   *
   * @param store the reservoir's objects; stays the caller's
   * @param clock waits for the process that has a run
   */
  public ReplayControls(ObjectStore store, ReplaySettings settings, Scheduler clock) {
    this.ledger = new Ledger(store);
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * How a run stands after somebody asked it to change.
   *
   * @param planId the plan's short id
   * @param state {@code paused}, {@code cancelled}; {@code running} if the caller waits no longer:
   *     then the process that has the run does it as soon as it sees it
   * @param run which run of the plan, from 1
   * @param acknowledged records that the target has acknowledged
   * @param planned records that the plan sends
   */
  public record Changed(String planId, String state, long run, long acknowledged, long planned) {}

  /**
   * The plan with this hash, or with an id that begins only one.
   *
   * @throws io.watershed.core.error.WatershedException {@code not-found}
   */
  public ReplayPlan load(String id) {
    return ledger.load(id);
  }

  /**
   * Pauses the plan's run; it goes on only when it is resumed. Waits until the process that has it
   * has settled what is in flight, or until that process is surely dead.
   *
   * @param stopRequested ends the waiting
   * @throws io.watershed.core.error.WatershedException {@code refused} if it is over or has not
   *     begun
   */
  public Changed pause(ReplayPlan plan, ReplayListener listener, BooleanSupplier stopRequested) {
    return change(plan, Control.Action.PAUSE, listener, stopRequested);
  }

  /**
   * Ends the plan's run for good, or keeps a plan from being run; as {@link #pause} else.
   *
   * @throws io.watershed.core.error.WatershedException {@code refused} if it is finished
   */
  public Changed cancel(ReplayPlan plan, ReplayListener listener, BooleanSupplier stopRequested) {
    return change(plan, Control.Action.CANCEL, listener, stopRequested);
  }

  private Changed change(
      ReplayPlan plan,
      Control.Action action,
      ReplayListener listener,
      BooleanSupplier stopRequested) {
    Standing standing =
        new RunClaim(ledger, plan, settings, clock, listener, stopRequested)
            .change(new Control(action, Operator.ofThisProcess()));
    return new Changed(
        plan.id(),
        standing.state().orElse(State.STOPPED).name().toLowerCase(java.util.Locale.ROOT),
        standing.run(),
        standing.entry().allAcknowledged(),
        plan.toSend());
  }
}
