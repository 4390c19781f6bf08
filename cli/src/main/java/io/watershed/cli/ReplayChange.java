package io.watershed.cli;

import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.time.RealScheduler;
import io.watershed.replay.ReplayControls;
import io.watershed.replay.ReplayControls.Changed;
import io.watershed.replay.ReplayListener;
import io.watershed.replay.ReplayPlan;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** What the commands that change a run's state have in common. */
final class ReplayChange {
  /** One change. */
  interface Change {
    Changed apply(
        ReplayControls controls,
        ReplayPlan plan,
        ReplayListener listener,
        BooleanSupplier stopRequested);
  }

  private final CommandContext context;

  ReplayChange(CommandContext context) {
    this.context = context;
  }

  /** Returns the exit status. */
  int of(String planId, Change change) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    WatershedConfig config = context.config();
    try (Connections connections = new Connections(context, config);
        RealScheduler clock = new RealScheduler("replay-change");
        AutoCloseable unused = context.shutdown().onStop(() -> stop.set(true))) {
      ReplayControls controls =
          new ReplayControls(connections.reservoir().store(), connections.replaySettings(), clock);
      ReplayPlan plan = controls.load(planId);
      return report(change.apply(controls, plan, new ReplayProgressLine(context), stop::get));
    }
  }

  private int report(Changed changed) {
    if (context.options().format() == OutputFormat.TABLE) {
      context
          .console()
          .print(
              "%s: run %d of replay %s, %,d of %,d records acknowledged"
                  .formatted(
                      changed.state(),
                      changed.run(),
                      changed.planId(),
                      changed.acknowledged(),
                      changed.planned()));
    } else {
      context
          .console()
          .print(
              Json.object()
                  .put("plan", changed.planId())
                  .put("state", changed.state())
                  .put("run", changed.run())
                  .put("acknowledged", changed.acknowledged())
                  .put("planned", changed.planned())
                  .toString());
    }
    return switch (changed.state()) {
      case "paused" -> say("Go on with: " + context.again("replay", "resume", changed.planId()), 0);
      case "cancelled" -> 0;
      default ->
          say(
              "Asked, but not done yet. See: " + context.again("replay", "show", changed.planId()),
              ErrorCode.CANCELLED.exitCode());
    };
  }

  private int say(String line, int status) {
    context.console().say(line);
    return status;
  }
}
