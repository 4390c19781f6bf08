package io.watershed.cli;

import io.watershed.core.time.RealScheduler;
import io.watershed.replay.ReplayControls;
import io.watershed.replay.ReplayPlan;
import io.watershed.replay.StoredReplayJson;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.replays.StoredReplay;
import io.watershed.reservoir.replays.StoredReplays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one replay: plan, progress, and who ran it. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows a replay as the ledger has it: the plan, the state of its newest run, every process that",
      "had it, and how to go on. Needs the reservoir alone."
    },
    footer = {
      "",
      "Examples:",
      "  watershed replay show 3f2a90c417be",
      "  watershed replay show 3f2a90c417be --json",
      "  watershed replay show 3f2a90c417be --superseded --json   one object a line"
    })
final class ReplayShowCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "PLAN", description = "The plan's id or hash.")
  String plan = "";

  @Option(
      names = "--superseded",
      description =
          "List the records that its newest run left out because the target held newer ones.")
  boolean superseded;

  ReplayShowCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (Connections connections = new Connections(context, context.config());
        RealScheduler clock = new RealScheduler("replay-show")) {
      Reservoir reservoir = connections.reservoir();
      ReplayPlan found =
          new ReplayControls(reservoir.store(), connections.replaySettings(), clock).load(plan);
      StoredReplay replay = new StoredReplays(reservoir.store()).find(found.hash()).orElseThrow();
      if (superseded) {
        list(new ReplaySuperseded(reservoir.store(), replay));
        return 0;
      }
      ReplayText text = new ReplayText(replay, connections.replaySettings(), context.clock());
      if (context.options().format() == OutputFormat.TABLE) {
        text.lines(found).forEach(context.console()::print);
      } else {
        context.console().print(StoredReplayJson.of(replay, found).toString());
      }
      return 0;
    }
  }

  private void list(ReplaySuperseded left) {
    if (context.options().format() != OutputFormat.TABLE) {
      left.json().forEachRemaining(context.console()::print);
    } else {
      left.lines().forEachRemaining(context.console()::print);
    }
  }
}
