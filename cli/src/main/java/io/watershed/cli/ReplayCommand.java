package io.watershed.cli;

import io.watershed.replay.RunMode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Plans a replay, shows it, asks, and runs it. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "[COMMAND]",
    description = {
      "Puts archived records into a stream, per key in the archive's order.",
      "Shows the plan first, and asks. The commands below do one step each; for a stream that is",
      "named like one of them, use 'replay plan' and 'replay run'."
    },
    footer = {
      "",
      "Examples:",
      "  watershed replay orders --from 2h --target orders-test",
      "  watershed replay orders --from 2026-11-01 --to 2026-11-02 --where \"status = 'failed'\" \\",
      "      --target orders-again --yes",
      "  watershed replay orders --compact --set reason=rebuild --target orders-rebuilt"
    })
final class ReplayCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin ReplayOptions options = new ReplayOptions();

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  ReplayCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    return new ReplayRunner(context, yes, RunMode.START)
        .run(replays -> replays.plan(options.request(context.config(), context.clock())), 0);
  }
}
