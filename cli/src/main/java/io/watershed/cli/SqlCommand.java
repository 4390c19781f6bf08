package io.watershed.cli;

import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.LiveMode;
import io.watershed.query.QueryEngine;
import io.watershed.query.QueryOutcome;
import io.watershed.query.SqlRequest;
import io.watershed.query.format.ResultFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers one SELECT over archived and current records. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = {
      "Answers one SELECT over everything archived and everything still only in the stream,",
      "each record once. <stream> is the whole; <stream>_archive and <stream>_live its two sides."
    },
    footer = {
      "",
      "Examples:",
      "  watershed sql \"SELECT count(*) FROM orders\"",
      "  watershed sql \"SELECT status, count(*) FROM orders GROUP BY ALL\" -o csv > out.csv",
      "  watershed sql --as-of 3f2a90c417be \"SELECT count(*) FROM orders\"",
      "  watershed sql --as-of 2026-11-23T10:00:00Z \"SELECT count(*) FROM orders\""
    })
final class SqlCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(
      paramLabel = "SELECT",
      arity = "0..1",
      description = "The statement; '-' or nothing reads it from standard input.")
  String statement = "-";

  @Option(
      names = "--as-of",
      paramLabel = "RECEIPT|TIME",
      description = {
        "A receipt: see exactly the records that an earlier statement saw. A time (RFC 3339, a date",
        "in UTC, or 2h): see, approximately, what had arrived by then."
      })
  @Nullable String asOf;

  @Option(
      names = "--live",
      paramLabel = "MODE",
      defaultValue = "auto",
      description = {
        "auto (default): read the stream's own records too, if it can be reached;",
        "require: fail without them; off: the archive alone."
      })
  LiveMode live = LiveMode.AUTO;

  SqlCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    WatershedConfig config = context.config();
    String sql = statement.equals("-") ? standardInput(config) : statement;
    OutputFormat format = context.options().format();
    try (Connections connections = new Connections(context, config);
        QueryEngine engine = connections.engine()) {
      QueryOutcome outcome =
          engine.execute(
              new SqlRequest(
                  sql,
                  Optional.ofNullable(asOf).map(text -> AsOfText.parse(text, context.clock())),
                  live),
              ResultFormat.valueOf(format.name()).sink(context.console().out()));
      context.console().out().flush();
      if (format == OutputFormat.NDJSON || format == OutputFormat.CSV) {
        context.console().say("receipt " + outcome.receipt().id());
        outcome.notices().forEach(notice -> context.console().say("note: " + notice));
      }
    }
    return 0;
  }

  private String standardInput(WatershedConfig config) {
    try {
      int limit = config.sql().maxStatementChars() * 4;
      byte[] bytes = context.input().readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw new WatershedException(
            ErrorCode.LIMIT, "The statement on standard input is too long", "Shorten it.");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.USAGE, "Standard input cannot be read: " + e.getMessage(), "", e);
    }
  }
}
