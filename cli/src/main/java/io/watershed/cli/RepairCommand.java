package io.watershed.cli;

import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.ForeignChange;
import io.watershed.reservoir.table.TableState;
import java.util.List;
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
  private static final int MAX_SHOWN = 20;

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
      ArchiveTable table = connections.reservoir().archive(stream);
      Optional<ForeignChange> change = table.foreignChange();
      if (change.isEmpty()) {
        context.console().say(stream + ": in order, nothing to repair");
        return 0;
      }
      show(change.get());
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

  private void show(ForeignChange change) {
    Console console = context.console();
    console.say(stream + ": " + change.message());
    console.say(
        change
            .own()
            .map(
                own ->
                    "Repair makes watershed's own newest snapshot current again, of "
                        + own.snapshotTime()
                        + ".")
            .orElse("Watershed's own newest snapshot has expired: repair will refuse."));
    list("no longer in the table (the files stay until maintenance removes them)", change.added());
    list("back in the table", change.removed());
    if (change.deleteFiles() > 0) {
      console.say(
          "  %,d delete files of the other tool have no effect any more"
              .formatted(change.deleteFiles()));
    }
  }

  private void list(String what, List<String> files) {
    if (files.isEmpty()) {
      return;
    }
    context.console().say("  %s: %,d files".formatted(what, files.size()));
    files.stream().limit(MAX_SHOWN).forEach(file -> context.console().say("    " + file));
    if (files.size() > MAX_SHOWN) {
      context.console().say("    and %,d more".formatted(files.size() - MAX_SHOWN));
    }
  }
}
