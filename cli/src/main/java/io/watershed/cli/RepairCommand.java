package io.watershed.cli;

import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableState;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a table back in order that another tool wrote to (PROTOCOL 3.2). */
@Command(
    name = "repair",
    mixinStandardHelpOptions = true,
    description = {
      "Makes watershed's own newest snapshot of an archive table current again, after another tool",
      "wrote to the table or rolled it back. Shows what is wrong first, and asks."
    },
    footer = {"", "Example:", "  watershed repair orders --dry-run"})
final class RepairCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "STREAM", description = "The stream's name in the reservoir.")
  String stream = "";

  @Option(names = "--dry-run", description = "Only show what is wrong.")
  boolean dryRun;

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  RepairCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    WatershedConfig config = context.config();
    try (Connections connections = new Connections(context, config)) {
      ArchiveTable table =
          connections
              .reservoir()
              .find(stream)
              .orElseThrow(
                  () ->
                      new WatershedException(
                          ErrorCode.NOT_FOUND,
                          "There is no archive of '" + stream + "'",
                          "'watershed status' names the archived streams."));
      Optional<WatershedException> trouble = trouble(table);
      if (trouble.isEmpty()) {
        context.console().say(stream + ": in order, nothing to repair");
        return 0;
      }
      context.console().say(stream + ": " + trouble.get().getMessage());
      context
          .console()
          .say(
              "Repair makes watershed's own newest snapshot current again. What the other tool wrote"
                  + " is no longer in the table; its files stay.");
      if (dryRun) {
        return ErrorCode.FOREIGN_SNAPSHOT.exitCode();
      }
      if (!yes && !new Confirmation(context).given("A repair", "Repair?")) {
        return ErrorCode.CANCELLED.exitCode();
      }
      TableState repaired = table.repair();
      context.console().say(stream + ": repaired, generation " + repaired.generation());
      return 0;
    }
  }

  private static Optional<WatershedException> trouble(ArchiveTable table) {
    try {
      table.load();
      return Optional.empty();
    } catch (WatershedException e) {
      if (e.code() == ErrorCode.FOREIGN_SNAPSHOT) {
        return Optional.of(e);
      }
      throw e;
    }
  }
}
