package io.watershed.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.archive.verify.Verify;
import io.watershed.archive.verify.VerifyDepth;
import io.watershed.archive.verify.VerifyFinding;
import io.watershed.archive.verify.VerifyOptions;
import io.watershed.archive.verify.VerifyReport;
import io.watershed.core.config.DataSize;
import io.watershed.core.config.TimeText;
import io.watershed.core.config.WatershedConfig;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.Reservoir;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks archives. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Checks each stream's archive: that the table is as watershed left it, that every file is",
      "there, that the ranges in the footers cover each shard up to its checkpoint, and that their",
      "sums are the checkpoint's. Reads no rows, unless it is asked to. Says what it proved and what",
      "it could not."
    },
    footer = {
      "",
      "Examples:",
      "  watershed verify                          all archived streams",
      "  watershed verify orders --deep            reads every row and decodes it again",
      "  watershed verify orders --against-stream  compares with what Kinesis still holds",
      "",
      "Exit status: 0 ok, 3 the archive has gaps, 4 it contradicts itself or the stream."
    })
final class VerifyCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "STREAM", description = "Only these. Default: all that are archived.")
  List<String> names = new ArrayList<>();

  @Option(
      names = "--deep",
      description = {
        "Read every row of every file: bytes, digests, order, that no position is there twice,",
        "and the typed columns against the payload."
      })
  boolean deep;

  @Option(
      names = "--against-stream",
      description = {
        "Compare with what the stream still holds, record by record. Reads the stream from its",
        "trim horizon, at most twice a second and shard."
      })
  boolean againstStream;

  @Option(
      names = "--since",
      paramLabel = "DAY",
      description = "Only files of this UTC day and later: a date, or 7d ago.")
  @Nullable String since;

  @Option(names = "--until", paramLabel = "DAY", description = "Only files of days before this.")
  @Nullable String until;

  VerifyCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    WatershedConfig config = context.config();
    int worst = 0;
    AtomicBoolean stop = new AtomicBoolean();
    try (Connections connections = new Connections(context, config);
        AutoCloseable unused = context.shutdown().onStop(() -> stop.set(true))) {
      Reservoir reservoir = connections.reservoir();
      Verify verify = new Verify(reservoir, context.clock());
      List<String> streams =
          names.isEmpty()
              ? reservoir.streams()
              : names.stream()
                  .map(name -> config.find(name).map(s -> s.alias()).orElse(name))
                  .toList();
      if (streams.isEmpty()) {
        context.console().say("Nothing is archived in " + config.reservoir().root() + " yet.");
      }
      for (String stream : streams) {
        Instant begun = context.clock().instant();
        VerifyReport report = run(verify, stream, connections, config, stop::get);
        print(report, Duration.between(begun, context.clock().instant()));
        worst = Math.max(worst, report.exitCode());
      }
    }
    return worst;
  }

  private VerifyReport run(
      Verify verify,
      String stream,
      Connections connections,
      WatershedConfig config,
      BooleanSupplier stop) {
    VerifyOptions options =
        VerifyOptions.of(deep ? VerifyDepth.ROWS : VerifyDepth.FOOTERS)
            .withDays(day(since), day(until));
    if (deep) {
      options = options.withFormat(connections.streamSources().format(stream));
    }
    if (againstStream) {
      StreamSource source = connections.source(config.streamOrDefault(stream));
      connections.reach(source);
      options = options.against(source);
    }
    VerifyProgressLine progress =
        new VerifyProgressLine(context.console(), context.clock(), stream);
    try {
      return verify.run(stream, options.watchedBy(progress, stop));
    } finally {
      progress.clear();
    }
  }

  private Optional<LocalDate> day(@Nullable String text) {
    return Optional.ofNullable(text)
        .map(time -> LocalDate.ofInstant(TimeText.parse(time, context.clock()), ZoneOffset.UTC));
  }

  private void print(VerifyReport report, Duration took) {
    if (context.options().format() != OutputFormat.TABLE) {
      context.console().print(json(report, took).toString());
      return;
    }
    context
        .console()
        .print(
            "%s: %s. %,d records in %,d files, %d shards%s%s"
                .formatted(
                    report.stream(),
                    report.verdict(),
                    report.rows(),
                    report.files(),
                    report.shards().size(),
                    report.rowsRead() > 0 ? rate(report, took) : "",
                    againstStream
                        ? "; %,d compared with the stream".formatted(report.compared())
                        : ""));
    for (VerifyFinding finding : report.findings()) {
      context.console().print("  " + word(finding) + ": " + finding.message());
      finding.file().ifPresent(file -> context.console().print("      in " + file));
    }
    if (report.moreFindings() > 0) {
      context.console().print("  and %,d more".formatted(report.moreFindings()));
    }
    report.limits().forEach(limit -> context.console().print("  not proved: " + limit));
  }

  private static String rate(VerifyReport report, Duration took) {
    double seconds = Math.max(0.001, took.toMillis() / 1000.0);
    return "; %,d rows read, %s of payloads in %.1f s, %.1f MB/s"
        .formatted(
            report.rowsRead(),
            new DataSize(report.payloadBytesRead()).approximate(),
            seconds,
            report.payloadBytesRead() / 1e6 / seconds);
  }

  private static ObjectNode json(VerifyReport report, Duration took) {
    ObjectNode object =
        Json.object()
            .put("stream", report.stream())
            .put("verify", report.verdict())
            .put("files", report.files())
            .put("rows", report.rows())
            .put("rows_read", report.rowsRead())
            .put("file_bytes_read", report.fileBytesRead())
            .put("payload_bytes_read", report.payloadBytesRead())
            .put("millis", took.toMillis())
            .put("compared", report.compared())
            .put("unproved", report.unproved())
            .put("shards", report.shards().size());
    ArrayNode findings = object.putArray("findings");
    for (VerifyFinding finding : report.findings()) {
      findings
          .addObject()
          .put("kind", word(finding))
          .put("shard", finding.shard().map(Object::toString).orElse(null))
          .put("file", finding.file().orElse(null))
          .put("message", finding.message());
    }
    object.put("more_findings", report.moreFindings());
    report.limits().forEach(object.putArray("not_proved")::add);
    return object;
  }

  private static String word(VerifyFinding finding) {
    return finding.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
