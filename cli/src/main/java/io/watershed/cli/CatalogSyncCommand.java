package io.watershed.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.config.CatalogSettings;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.WatershedException;
import io.watershed.glue.GlueTables;
import io.watershed.glue.GlueTables.Depth;
import io.watershed.glue.MirrorOutcome;
import io.watershed.reservoir.Reservoir;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings tables of Glue in line with archives, once. */
@Command(
    name = "sync",
    mixinStandardHelpOptions = true,
    description = {
      "Points the tables in Glue to the newest version of their archives, makes those that are",
      "missing, and disables Glue's own optimizers for them, which would delete files. Can be run",
      "again, beside archivers. A change that somebody else made is undone and reported."
    },
    footer = {
      "",
      "Examples:",
      "  watershed catalog sync --dry-run     what there is to do, for all archived streams",
      "  watershed catalog sync orders        does it, for one"
    })
final class CatalogSyncCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "STREAM", description = "Only these. Default: all that are archived.")
  List<String> names = new ArrayList<>();

  @Option(names = "--dry-run", description = "Only say what there is to do.")
  boolean dryRun;

  CatalogSyncCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    WatershedConfig config = context.config();
    CatalogSettings catalog = config.catalog().orElseThrow(() -> CatalogCommand.missing(context));
    int status = 0;
    try (Connections connections = new Connections(context, config);
        GlueTables tables = GlueTables.open(catalog)) {
      Reservoir reservoir = connections.reservoir();
      List<String> streams = connections.archived(names);
      if (streams.isEmpty()) {
        context.console().say("Nothing is archived in " + config.reservoir().root() + " yet.");
      }
      for (String stream : streams) {
        try {
          print(
              tables.mirror(
                  reservoir.archive(stream).pointer(), dryRun ? Depth.LOOK : Depth.GUARD));
        } catch (WatershedException e) {
          // The others go on.
          status = new Failures(context).ofCommand(e);
        }
      }
    }
    return status;
  }

  private void print(MirrorOutcome outcome) {
    if (context.options().format() != OutputFormat.TABLE) {
      context.console().print(json(outcome).toString());
      return;
    }
    String did =
        switch (outcome.action()) {
          case CREATED -> dryRun ? "is to be made" : "made";
          case UPDATED -> dryRun ? "is to be pointed" : "pointed";
          case CURRENT -> "is right";
        };
    context
        .console()
        .print(
            "%s: %s %s, version %d"
                .formatted(outcome.stream(), outcome.table(), did, outcome.version()));
    outcome
        .foreign()
        .ifPresent(
            location ->
                context
                    .console()
                    .print("  ALARM: it pointed to " + location + ", which no archiver wrote"));
    outcome
        .enabled()
        .forEach(
            type ->
                context
                    .console()
                    .print(
                        "  ALARM: Glue's optimizer '"
                            + type
                            + (dryRun ? "' is enabled" : "' was enabled; it is disabled")));
    outcome.notes().forEach(note -> context.console().print("  note: " + note));
  }

  private ObjectNode json(MirrorOutcome outcome) {
    ObjectNode object =
        Json.object()
            .put("stream", outcome.stream())
            .put("table", outcome.table())
            .put("action", outcome.action().name().toLowerCase(Locale.ROOT))
            .put("dry_run", dryRun)
            .put("version", outcome.version())
            .put("foreign_location", outcome.foreign().orElse(null));
    outcome.enabled().forEach(object.putArray("enabled_optimizers")::add);
    outcome.notes().forEach(object.putArray("notes")::add);
    return object;
  }
}
