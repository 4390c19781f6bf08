package io.watershed.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.archive.verify.Verify;
import io.watershed.archive.verify.VerifyDepth;
import io.watershed.archive.verify.VerifyFinding;
import io.watershed.archive.verify.VerifyReport;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.WatershedException;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.Reservoir;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks archives. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Checks each stream's archive: from the table alone (nothing missing, nothing double), then",
      "against what the stream still holds. Says what it proved and what it could not."
    },
    footer = {
      "",
      "Examples:",
      "  watershed verify                          all archived streams",
      "  watershed verify orders --deep            reads every row, too",
      "",
      "Exit status: 0 ok, 3 the archive has gaps, 4 it contradicts itself or the stream."
    })
final class VerifyCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "STREAM", description = "Only these. Default: all that are archived.")
  List<String> names = new ArrayList<>();

  @Option(names = "--deep", description = "Read every row of every file, not just the footers.")
  boolean deep;

  @Option(
      names = "--against-stream",
      negatable = true,
      description = {
        "Compare with what the stream still holds.",
        "Default: if the stream is configured and can be reached."
      })
  @Nullable Boolean againstStream;

  VerifyCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    WatershedConfig config = context.config();
    int worst = 0;
    try (Connections connections = new Connections(context, config)) {
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
        VerifyReport report = run(verify, stream, connections, config);
        print(report);
        worst = Math.max(worst, report.exitCode());
      }
    }
    return worst;
  }

  private VerifyReport run(
      Verify verify, String stream, Connections connections, WatershedConfig config) {
    VerifyDepth depth = deep ? VerifyDepth.ROWS : VerifyDepth.FOOTERS;
    if (Boolean.FALSE.equals(againstStream)) {
      return verify.run(stream, depth, Optional.empty());
    }
    Optional<StreamSource> source = Optional.empty();
    try {
      source = config.find(stream).map(connections::source);
      source.ifPresent(connections::reach);
    } catch (WatershedException e) {
      if (Boolean.TRUE.equals(againstStream)) {
        throw e;
      }
      context
          .console()
          .say("note: not compared with the stream: " + e.getMessage() + " (" + e.hint() + ")");
      source = Optional.empty();
    }
    return verify.run(stream, depth, source);
  }

  private void print(VerifyReport report) {
    if (context.options().format() != OutputFormat.TABLE) {
      context.console().print(json(report).toString());
      return;
    }
    context
        .console()
        .print(
            "%s: %s. %,d records in %,d files, %d shards; %,d compared with the stream"
                .formatted(
                    report.stream(),
                    report.verdict(),
                    report.rows(),
                    report.files(),
                    report.shards().size(),
                    report.compared()));
    for (VerifyFinding finding : report.findings()) {
      context.console().print("  " + word(finding) + ": " + finding.message());
    }
    if (report.moreFindings() > 0) {
      context.console().print("  and %,d more".formatted(report.moreFindings()));
    }
    report.limits().forEach(limit -> context.console().print("  not proved: " + limit));
  }

  private static ObjectNode json(VerifyReport report) {
    ObjectNode object =
        Json.object()
            .put("stream", report.stream())
            .put("verify", report.verdict())
            .put("files", report.files())
            .put("rows", report.rows())
            .put("rows_read", report.rowsRead())
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
