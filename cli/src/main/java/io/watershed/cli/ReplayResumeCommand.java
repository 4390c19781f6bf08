package io.watershed.cli;

import io.watershed.replay.RunMode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Goes on with a run. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = {
      "Goes on, in this process, with a replay that was paused, stopped, failed, or whose process",
      "died. A process that may still be alive is waited for first. Shows the plan, and asks."
    },
    footer = {"", "Example:", "  watershed replay resume 3f2a90c417be --yes"})
final class ReplayResumeCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "PLAN", description = "The plan's id or hash.")
  String plan = "";

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  ReplayResumeCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    return new ReplayRunner(context, yes, RunMode.RESUME).run(replays -> replays.load(plan), 0);
  }
}
