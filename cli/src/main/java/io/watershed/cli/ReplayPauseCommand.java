package io.watershed.cli;

import io.watershed.replay.ReplayControls;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Pauses a run. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = {
      "Pauses a replay, wherever it runs: the process that has it settles what is in flight and ends.",
      "Only 'replay resume' goes on. Needs the reservoir alone, and waits until it is done."
    },
    footer = {"", "Example:", "  watershed replay pause 3f2a90c417be"})
final class ReplayPauseCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "PLAN", description = "The plan's id or hash.")
  String plan = "";

  ReplayPauseCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    return new ReplayChange(context).of(plan, ReplayControls::pause);
  }
}
