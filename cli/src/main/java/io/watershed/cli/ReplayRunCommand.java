package io.watershed.cli;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.replay.ReplayPlan;
import io.watershed.replay.Replays;
import io.watershed.replay.RunMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a plan. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a plan, or goes on where an earlier run of it ended, from any machine.",
      "Shows the plan first, and asks."
    },
    footer = {
      "",
      "Examples:",
      "  watershed replay run 3f2a90c417be",
      "  watershed replay run plan.json --yes"
    })
final class ReplayRunCommand implements Callable<Integer> {
  private static final long MAX_PLAN_BYTES = 1 << 20;

  private final CommandContext context;

  @Parameters(
      paramLabel = "PLAN",
      description = "A plan's id or hash, or a file that 'replay plan --save' wrote.")
  String plan = "";

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  @Option(
      names = "--force",
      description = "Begin a new run, also if the plan's last run finished or was cancelled.")
  boolean force;

  ReplayRunCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    return new ReplayRunner(context, yes, force ? RunMode.AGAIN : RunMode.START).run(this::plan, 0);
  }

  private ReplayPlan plan(Replays replays) throws IOException {
    Path file = context.folder().resolve(plan);
    if (!Files.isRegularFile(file)) {
      return replays.load(plan);
    }
    if (Files.size(file) > MAX_PLAN_BYTES) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT, file + " is larger than a plan can be", "Is it the right file?");
    }
    return ReplayPlan.parse(Files.readString(file, StandardCharsets.UTF_8));
  }
}
