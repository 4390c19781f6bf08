package io.watershed.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.archive.encode.Encoder;
import io.watershed.archive.imports.ImportFormat;
import io.watershed.archive.imports.ImportListener;
import io.watershed.archive.imports.ImportPlan;
import io.watershed.archive.imports.ImportReport;
import io.watershed.archive.imports.ImportReport.Failure;
import io.watershed.archive.imports.ImportReport.Overlap;
import io.watershed.archive.imports.ImportRequest;
import io.watershed.archive.imports.Importer;
import io.watershed.core.config.DataSize;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.config.StreamConfig;
import io.watershed.core.config.TimeText;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.reservoir.Reservoir;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings what other tools archived into a stream's table (PROTOCOL 8). */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Registers what another tool archived (JSON lines, concatenated JSON, Parquet; gzip, zstd) as",
      "records of a stream that came before the first archived one. Each object once, however often",
      "it is repeated or interrupted. Shows the plan first, and asks."
    },
    footer = {
      "",
      "Examples:",
      "  watershed import orders s3://old-archive/firehose/orders --dry-run",
      "  watershed import orders ./dump --time-field created_at --key-field customer.id --yes",
      "",
      "Exit status: 0 all objects are in, 1 some could not be read."
    })
final class ImportCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(index = "0", paramLabel = "STREAM", description = "The stream to import into.")
  String stream = "";

  @Parameters(
      index = "1",
      paramLabel = "SOURCE",
      description = "A folder or s3://bucket/prefix; names that begin with _ or . are left out.")
  String source = "";

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = {
        "Only records that arrived before: RFC 3339, a date (UTC), or 2h.",
        "Default: before the first archived record."
      })
  @Nullable String until;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = {
        "auto (Parquet by its first bytes, else lines), lines, json (documents that may span lines),",
        "or parquet. Default: auto. Compression is recognised."
      })
  ImportFormat format = ImportFormat.AUTO;

  @Option(
      names = "--payload-column",
      paramLabel = "NAME",
      description = "Of Parquet: the column that holds the payload. Default: the row as JSON.")
  @Nullable String payloadColumn;

  @Option(
      names = "--key-field",
      paramLabel = "PATH",
      description = "The JSON member that is the partition key. Default: the source object.")
  @Nullable String keyField;

  @Option(
      names = "--time-field",
      paramLabel = "PATH",
      description = {
        "The JSON member that is the time of arrival: RFC 3339, or seconds or milliseconds since",
        "1970. Default: the time in the object's name, else when it was written."
      })
  @Nullable String timeField;

  @Option(names = "--dry-run", description = "Only show the plan.")
  boolean dryRun;

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  ImportCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    WatershedConfig config = context.config();
    StreamConfig configured = config.streamOrDefault(stream);
    AtomicBoolean stop = new AtomicBoolean();
    try (Connections connections = new Connections(context, config);
        Reservoir objects = Reservoir.open(place(), config.reservoir().access());
        AutoCloseable unused = context.shutdown().onStop(() -> stop.set(true))) {
      PayloadFormat payloads = connections.archivingFormat(configured);
      try (Encoder encoder =
          new Encoder(EncoderSettings.DEFAULTS, SchemaSettings.DEFAULTS, payloads)) {
        Importer importer =
            new Importer(
                connections.reservoir(),
                objects.store(),
                payloads,
                encoder,
                Path.of(System.getProperty("java.io.tmpdir")));
        return run(importer, request(configured.alias()), objects.store().root(), stop::get);
      }
    }
  }

  private int run(Importer importer, ImportRequest request, String root, BooleanSupplier stop)
      throws Exception {
    ImportPlan plan = importer.plan(request);
    show(plan, root);
    if (dryRun || plan.count() == 0) {
      return 0;
    }
    if (!yes && !new Confirmation(context).given("An import", "Import?")) {
      return ErrorCode.CANCELLED.exitCode();
    }
    ProgressLine line = new ProgressLine(context.console(), context.clock());
    ImportReport report;
    try {
      report = importer.run(plan, progress(plan, line), stop);
    } finally {
      line.clear();
    }
    print(report);
    return report.failed() > 0 ? ErrorCode.INTERNAL.exitCode() : 0;
  }

  /** A folder is meant from where the command was called. */
  private String place() {
    return source.contains(":") ? source : context.folder().resolve(source).toString();
  }

  private ImportRequest request(String alias) {
    ImportRequest request =
        ImportRequest.of(alias)
            .withFormat(format, Optional.ofNullable(payloadColumn))
            .withFields(Optional.ofNullable(keyField), Optional.ofNullable(timeField));
    return until == null ? request : request.withUntil(TimeText.parse(until, context.clock()));
  }

  private ImportListener progress(ImportPlan plan, ProgressLine line) {
    Instant begun = context.clock().instant();
    return (objects, bytes, rows) ->
        line.update(
            () -> {
              double seconds =
                  Math.max(0.001, (context.clock().millis() - begun.toEpochMilli()) / 1000.0);
              double left = bytes == 0 ? 0 : seconds * (plan.bytes() - bytes) / bytes;
              return "%,d of %,d objects, %,d records, %s/s, %d:%02d left"
                  .formatted(
                      objects,
                      plan.count(),
                      rows,
                      new DataSize((long) (bytes / seconds)).approximate(),
                      (long) left / 60,
                      (long) left % 60);
            });
  }

  private void show(ImportPlan plan, String root) {
    boolean table = context.options().format() == OutputFormat.TABLE;
    if (!table && (dryRun || plan.count() == 0)) {
      context.console().print(json(plan).toString());
    }
    Console console = context.console();
    console.say(
        "%s: %,d objects (%s) of %s become %s; %,d are imported already"
            .formatted(
                plan.request().stream(),
                plan.count(),
                new DataSize(plan.bytes()).approximate(),
                root,
                plan.shardId(),
                plan.already()));
    if (plan.changed() > 0) {
      console.say(
          "  %,d have other bytes than when they were imported: their records are added"
              .formatted(plan.changed()));
    }
    console.say(
        plan.until()
            .map(time -> "  only records that arrived before " + time)
            .orElse(
                "  all records, whenever they arrived: nothing of the stream is archived yet. What"
                    + " the stream still holds and is in these objects too will be there twice,"
                    + " unless --until says where the archive begins."));
  }

  private static ObjectNode json(ImportPlan plan) {
    return Json.object()
        .put("stream", plan.request().stream())
        .put("import", plan.shardId())
        .put("objects", plan.count())
        .put("bytes", plan.bytes())
        .put("already", plan.already())
        .put("changed", plan.changed())
        .put("until", plan.until().map(Instant::toString).orElse(null));
  }

  private void print(ImportReport report) {
    if (context.options().format() != OutputFormat.TABLE) {
      context.console().print(json(report).toString());
      return;
    }
    Console console = context.console();
    console.print(
        "%s: %,d records of %,d objects (%s), of which %,d are not understood by the stream's format"
            .formatted(
                report.shardId(),
                report.rows(),
                report.objects(),
                new DataSize(report.payloadBytes()).approximate(),
                report.undecoded()));
    if (report.timeFallbacks() > 0) {
      console.print(
          "  %,d have no time in their field, and got their object's"
              .formatted(report.timeFallbacks()));
    }
    report.overlap().ifPresent(overlap -> console.print("  " + text(overlap)));
    for (Failure failure : report.failures()) {
      console.print("  not imported: " + failure.location() + ": " + failure.reason());
    }
    if (report.failed() > report.failures().size()) {
      console.print("  and %,d more".formatted(report.failed() - report.failures().size()));
    }
  }

  private static String text(Overlap overlap) {
    return String.format(
        Locale.ROOT,
        "%,d records from %s to %s were left out: they arrived when the stream was archived"
            + " already. The archive has %,d of their payloads, %,d not%s",
        overlap.rows(),
        overlap.first(),
        overlap.last(),
        overlap.archivedToo(),
        overlap.missing(),
        overlap.notCompared() == 0
            ? ""
            : String.format(Locale.ROOT, "; %,d were not compared", overlap.notCompared()));
  }

  private static ObjectNode json(ImportReport report) {
    ObjectNode object =
        Json.object()
            .put("import", report.shardId())
            .put("objects", report.objects())
            .put("rows", report.rows())
            .put("payload_bytes", report.payloadBytes())
            .put("undecoded", report.undecoded())
            .put("time_fallbacks", report.timeFallbacks())
            .put("already", report.already());
    report
        .overlap()
        .ifPresentOrElse(
            overlap ->
                object
                    .putObject("overlap")
                    .put("rows", overlap.rows())
                    .put("first", overlap.first().toString())
                    .put("last", overlap.last().toString())
                    .put("archived_too", overlap.archivedToo())
                    .put("missing", overlap.missing())
                    .put("not_compared", overlap.notCompared()),
            () -> object.putNull("overlap"));
    ArrayNode failures = object.putArray("failures");
    for (Failure failure : report.failures()) {
      failures.addObject().put("object", failure.location()).put("reason", failure.reason());
    }
    return object.put("failed", report.failed());
  }
}
