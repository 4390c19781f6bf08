package io.watershed.cli;

import io.watershed.replay.StoredReplayJson;
import io.watershed.reservoir.replays.StoredReplay;
import io.watershed.reservoir.replays.StoredReplays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Lists every replay of the reservoir. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the replays of the reservoir, newest plan first.",
    footer = {
      "",
      "Examples:",
      "  watershed replay list",
      "  watershed replay list --json            one object a line"
    })
final class ReplayListCommand implements Callable<Integer> {
  private final CommandContext context;

  ReplayListCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (Connections connections = new Connections(context, context.config())) {
      List<StoredReplay> replays =
          new StoredReplays(connections.reservoir().store())
              .list().stream()
                  .sorted(Comparator.comparing(StoredReplay::plannedAt).reversed())
                  .toList();
      if (context.options().format() != OutputFormat.TABLE) {
        replays.forEach(replay -> context.console().print(StoredReplayJson.of(replay).toString()));
      } else if (replays.isEmpty()) {
        context.console().say("There are no replays. Make one with: watershed replay plan --help");
      } else {
        context.console().print(ReplayText.HEADING);
        replays.forEach(
            replay ->
                context
                    .console()
                    .print(
                        new ReplayText(replay, connections.replaySettings(), context.clock())
                            .line()));
      }
      return 0;
    }
  }
}
