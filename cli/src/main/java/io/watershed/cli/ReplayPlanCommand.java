package io.watershed.cli;

import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.QueryEngine;
import io.watershed.replay.ReplayPlan;
import io.watershed.replay.Replays;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a plan and shows what it would do. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Plans a replay: freezes what is selected, counts it, and shows what a run would do.",
      "Writes nothing to any stream. The plan is kept in the reservoir under its hash."
    },
    footer = {
      "",
      "Examples:",
      "  watershed replay plan orders --from 2h --target orders-test --preview 5",
      "  watershed replay plan orders --where \"status = 'failed'\" --target orders-again \\",
      "      --save failed-orders.json",
      "  watershed replay plan orders --compact --target orders-copy --diff"
    })
final class ReplayPlanCommand implements Callable<Integer> {
  private static final int MAX_PREVIEW = 1_000;

  private final CommandContext context;

  @Mixin ReplayOptions options = new ReplayOptions();

  @Option(
      names = "--preview",
      paramLabel = "N",
      description =
          "Show the first N records as a consumer gets them; with --json, as they would arrive.")
  int preview;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "Write the plan to a new file, for review and for 'replay run'.")
  @Nullable Path save;

  @Option(
      names = "--diff",
      description = {
        "Compare the last record per key with what the target holds by its own archive, and count",
        "keys that are missing there, the same, different and newer."
      })
  boolean diff;

  ReplayPlanCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    if (preview < 0 || preview > MAX_PREVIEW) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "--preview takes 0 to " + MAX_PREVIEW + " records",
          "For more, use: watershed sql");
    }
    WatershedConfig config = context.config();
    try (Connections connections = new Connections(context, config);
        QueryEngine engine = connections.engine()) {
      Replays replays = connections.replays(engine);
      ReplayPlan plan = replays.plan(options.request(config, context.clock()));
      if (save != null) {
        write(plan, context.folder().resolve(save));
      }
      show(
          new ReplayPlanText(
              plan,
              replays.outlook(plan, preview),
              connections.describeTarget(plan.target()),
              diff ? Optional.of(connections.replayDiff(engine).compare(plan)) : Optional.empty()));
      context.console().say("Run it with: " + context.again("replay", "run", plan.id()));
      return 0;
    }
  }

  private void show(ReplayPlanText text) {
    if (context.options().format() == OutputFormat.TABLE) {
      text.lines().forEach(context.console()::print);
      text.preview().forEach(context.console()::print);
    } else {
      context.console().print(text.json());
    }
  }

  private static void write(ReplayPlan plan, Path file) {
    try {
      Files.writeString(
          file,
          ReplayPlanText.file(plan),
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "The file " + file + " exists already",
          "Name another file: a plan is not overwritten.",
          e);
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.STORE,
          "The plan cannot be written to " + file + ": " + e.getMessage(),
          "Its folder must exist and be writable. The plan itself is kept as " + plan.id() + ".",
          e);
    }
  }
}
