package io.watershed.cli;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiveOutcome;
import io.watershed.archive.StreamOutcome;
import io.watershed.core.config.DataSize;
import io.watershed.core.config.StreamConfig;
import io.watershed.core.config.WatershedConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Archives streams. */
@Command(
    name = "archive",
    mixinStandardHelpOptions = true,
    description = {
      "Archives the configured streams, until Ctrl-C or (--once) until it has caught up.",
      "Restart it any time: it goes on where the archive ends, whatever happened."
    },
    footer = {
      "",
      "Examples:",
      "  watershed archive                   all streams, until Ctrl-C",
      "  watershed archive --once orders     one stream, to its tip; for a cron job",
      "  watershed archive --metrics 9464 --log json    as a service"
    })
final class ArchiveCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "STREAM", description = "Only these streams. Default: all.")
  List<String> names = new ArrayList<>();

  @Option(names = "--once", description = "Read every shard to its tip, commit, and exit.")
  boolean once;

  @Mixin MonitorOptions monitor = new MonitorOptions();

  ArchiveCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    LogSetup.tellTheStory(context.options().verbose);
    WatershedConfig config = context.config();
    List<StreamConfig> streams = config.select(names);
    try (Connections connections = new Connections(context, config);
        ArchiveRun archiving =
            new ArchiveRun(
                context,
                connections,
                config,
                streams,
                once ? ArchiveMode.ONCE : ArchiveMode.CONTINUOUS);
        MonitorOptions.Running monitoring =
            monitor.start(context, archiving::status, connections::countCatalog);
        AutoCloseable ending = context.shutdown().onStop(archiving::stop)) {
      ArchiveOutcome outcome = archiving.run();
      outcome.streams().forEach(stream -> report(context, stream));
      return outcome.exitCode();
    }
  }

  /** Prints what became of one stream. */
  static void report(CommandContext context, StreamOutcome outcome) {
    if (context.options().format() == OutputFormat.TABLE) {
      context
          .console()
          .print(
              "%s: %,d records (%s) archived in %d commits%s%s"
                  .formatted(
                      outcome.stream(),
                      outcome.records(),
                      new DataSize(outcome.payloadBytes()).approximate(),
                      outcome.commits(),
                      outcome.skipped() == 0
                          ? ""
                          : ", %,d replayed ones skipped".formatted(outcome.skipped()),
                      outcome.gaps().isEmpty() ? "" : ", GAPS: " + outcome.gaps().size()));
    } else {
      context
          .console()
          .print(
              Json.object()
                  .put("stream", outcome.stream())
                  .put("records", outcome.records())
                  .put("skipped", outcome.skipped())
                  .put("payload_bytes", outcome.payloadBytes())
                  .put("commits", outcome.commits())
                  .put("gaps", outcome.gaps().size())
                  .put("fences", outcome.fences())
                  .put("error", outcome.failure().map(e -> e.code().text()).orElse(null))
                  .toString());
    }
    outcome.failure().ifPresent(error -> new Failures(context).ofCommand(error));
  }
}
