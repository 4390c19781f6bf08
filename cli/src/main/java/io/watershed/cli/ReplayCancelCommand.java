package io.watershed.cli;

import io.watershed.replay.ReplayControls;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Ends a run for good. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = {
      "Ends a replay for good, wherever it runs, or keeps a plan from being run. What was sent stays",
      "on the target. Only 'replay run --force' begins anew."
    },
    footer = {"", "Example:", "  watershed replay cancel 3f2a90c417be"})
final class ReplayCancelCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "PLAN", description = "The plan's id or hash.")
  String plan = "";

  ReplayCancelCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    return new ReplayChange(context).of(plan, ReplayControls::cancel);
  }
}
