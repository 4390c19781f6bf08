package io.watershed.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.archive.maintain.LocalMaintenance;
import io.watershed.archive.maintain.MaintenanceOptions;
import io.watershed.archive.maintain.MaintenanceReport;
import io.watershed.core.config.DataSize;
import io.watershed.core.config.MaintenanceSettings;
import io.watershed.core.config.StreamConfig;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keeps archives fit. */
@Command(
    name = "maintain",
    mixinStandardHelpOptions = true,
    description = {
      "Compacts the small files of days that are over, drops days beyond the stream's 'keep',",
      "and deletes metadata and files that nobody needs any more. Runs beside archivers and",
      "statements; what it deletes was replaced a day ago or more. Ctrl-C ends it after a step; run",
      "it again to go on."
    },
    footer = {
      "",
      "Examples:",
      "  watershed maintain --dry-run       what there is to do, for all archived streams",
      "  watershed maintain orders          does it, for one"
    })
final class MaintainCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "STREAM", description = "Only these. Default: all that are archived.")
  List<String> names = new ArrayList<>();

  @Option(names = "--dry-run", description = "Only say what there is to do.")
  boolean dryRun;

  @Option(names = "--yes", description = "Do not ask before records are dropped.")
  boolean yes;

  MaintainCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    WatershedConfig config = context.config();
    AtomicBoolean stop = new AtomicBoolean();
    try (Connections connections = new Connections(context, config);
        LocalMaintenance maintenance =
            new LocalMaintenance(connections.reservoir(), context.clock());
        AutoCloseable unused = context.shutdown().onStop(() -> stop.set(true))) {
      List<String> streams = connections.archived(names);
      if (streams.isEmpty()) {
        context.console().say("Nothing is archived in " + config.reservoir().root() + " yet.");
      }
      for (String stream : streams) {
        Optional<MaintenanceReport> report = run(connections, maintenance, stream, config, stop);
        if (report.isEmpty()) {
          return ErrorCode.CANCELLED.exitCode();
        }
        print(report.get());
        if (stop.get()) {
          context.console().say("Stopped. Run it again to go on where it ended.");
          return ErrorCode.CANCELLED.exitCode();
        }
      }
    }
    return 0;
  }

  /** Empty if a person did not agree. */
  private Optional<MaintenanceReport> run(
      Connections connections,
      LocalMaintenance maintenance,
      String stream,
      WatershedConfig config,
      AtomicBoolean stop)
      throws IOException {
    StreamConfig configured = config.find(stream).orElse(config.template());
    MaintenanceSettings settings = configured.maintenance();
    ProgressLine line = new ProgressLine(context.console(), context.clock());
    MaintenanceOptions options =
        MaintenanceOptions.of(settings)
            .watchedBy(
                (step, done, of) ->
                    line.update(() -> "%s: %,d of %,d %s".formatted(stream, done, of, step)),
                stop::get);
    try {
      if (!dryRun
          && settings.keep().isPresent()
          && !yes
          && !agreed(connections, maintenance, stream, config)) {
        return Optional.empty();
      }
      return Optional.of(
          maintenance.run(
              stream,
              connections.archivingFormat(configured),
              dryRun ? options.asDryRun() : options));
    } finally {
      line.clear();
    }
  }

  /** Records that are dropped do not come back: a person sees first how many. */
  private boolean agreed(
      Connections connections, LocalMaintenance maintenance, String stream, WatershedConfig config)
      throws IOException {
    StreamConfig configured = config.find(stream).orElse(config.template());
    MaintenanceReport plan =
        maintenance.run(
            stream,
            connections.archivingFormat(configured),
            MaintenanceOptions.of(configured.maintenance()).asDryRun().withSweep(false));
    if (plan.droppedFiles() == 0) {
      return true;
    }
    context
        .console()
        .say(
            "%s: 'keep' drops %,d records that arrived before %s, for ever."
                .formatted(stream, plan.droppedRows(), plan.droppedBefore().orElseThrow()));
    return new Confirmation(context).given("Maintenance that drops records", "Drop them?");
  }

  private void print(MaintenanceReport report) {
    if (context.options().format() != OutputFormat.TABLE) {
      context.console().print(json(report).toString());
      return;
    }
    Console console = context.console();
    if (report.isEmpty()) {
      console.print(report.stream() + ": nothing to do");
    } else {
      console.print(report.stream() + (report.dryRun() ? ": to do" : ": done"));
    }
    report
        .droppedBefore()
        .ifPresent(
            day ->
                console.print(
                    "  dropped     %,d records in %,d files, of days before %s"
                        .formatted(report.droppedRows(), report.droppedFiles(), day)));
    if (report.compactions() > 0) {
      console.print(
          "  compacted   %,d files into %,d; %s%s"
              .formatted(
                  report.compactedFiles(),
                  report.compactions(),
                  new DataSize(report.compactedBytesBefore()).approximate(),
                  report.dryRun()
                      ? ""
                      : " became " + new DataSize(report.compactedBytesAfter()).approximate()));
    }
    if (report.versions() > 0) {
      console.print("  deleted     %,d old metadata versions".formatted(report.versions()));
    }
    if (report.leftOvers() > 0) {
      console.print(
          "  deleted     %,d objects that nobody needs, %s"
              .formatted(report.leftOvers(), new DataSize(report.leftOverBytes()).approximate()));
    }
    if (report.afterFence() > 0) {
      console.print(
          "  left        %,d files of writers that died; the next run deletes them"
              .formatted(report.afterFence()));
    }
    report.notes().forEach(note -> console.print("  note: " + note));
    if (!report.finished()) {
      console.print("  There is more to do: run it again.");
    }
  }

  private static ObjectNode json(MaintenanceReport report) {
    ObjectNode object =
        Json.object()
            .put("stream", report.stream())
            .put("dry_run", report.dryRun())
            .put("dropped_before", report.droppedBefore().map(Object::toString).orElse(null))
            .put("dropped_files", report.droppedFiles())
            .put("dropped_rows", report.droppedRows())
            .put("compactions", report.compactions())
            .put("compacted_files", report.compactedFiles())
            .put("compacted_bytes_before", report.compactedBytesBefore())
            .put("compacted_bytes_after", report.compactedBytesAfter())
            .put("versions", report.versions())
            .put("left_overs", report.leftOvers())
            .put("left_over_bytes", report.leftOverBytes())
            .put("after_fence", report.afterFence())
            .put("finished", report.finished());
    report.notes().forEach(object.putArray("notes")::add);
    return object;
  }
}
