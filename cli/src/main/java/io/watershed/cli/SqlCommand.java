package io.watershed.cli;

import io.watershed.cli.shell.Shell;
import io.watershed.cli.sql.BackslashCommands;
import io.watershed.cli.sql.ResultFile;
import io.watershed.cli.sql.ResultOutput;
import io.watershed.cli.sql.Script;
import io.watershed.cli.sql.SingleResult;
import io.watershed.cli.sql.SqlSession;
import io.watershed.cli.sql.StreamOutput;
import io.watershed.cli.sql.TerminalOutput;
import io.watershed.core.config.SqlEngine;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.UnwrittenOutput;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.LiveMode;
import io.watershed.query.AsOf;
import io.watershed.query.AsOfText;
import io.watershed.query.Catalog;
import io.watershed.query.QueryEngine;
import io.watershed.query.QueryOutcome;
import io.watershed.query.SqlRequest;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "  watershed sql --as-of 2026-11-23T10:00:00Z \"SELECT count(*) FROM orders\"",
      "  watershed sql --explain \"SELECT count(*) FROM orders WHERE _arrival_time >"
          + " '2026-11-28'\"",
      "  watershed sql -f orders.parquet \"SELECT * FROM orders\"",
      "  watershed sql --emit-view trino orders",
      "  watershed sql < report.sql",
      "  watershed sql                      opens a shell"
    })
final class SqlCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(
      paramLabel = "SELECT",
      arity = "0..1",
      description = {
        "The statement. '-' reads a script from standard input: statements that end with ';'.",
        "Nothing does too, unless a person is there: then a shell opens."
      })
  @Nullable String statement;

  @Option(
      names = "--as-of",
      paramLabel = "RECEIPT|TIME",
      description = {
        "A receipt: see exactly the records that an earlier statement saw. A time (RFC 3339, a"
            + " date",
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

  @Option(
      names = {"-f", "--output-file"},
      paramLabel = "FILE",
      description = {
        "Write the result to FILE, complete or not at all; without -o its ending says the format",
        "(.parquet, .csv, .ndjson, .json)."
      })
  @Nullable Path outputFile;

  @Option(names = "--overwrite", description = "Replace the output file if it is there.")
  boolean overwrite;

  @Mixin final EmitView emitView = new EmitView();

  @Option(
      names = "--explain",
      description = {
        "Run the statement, and show what it cost instead of its rows: data files, bytes stored",
        "and fetched, live records, and the time of each step."
      })
  boolean explain;

  @Option(
      names = "--isolated",
      description = {
        "Run statements in a process of their own with a memory limit, as a server does: a crash of",
        "the SQL engine or too much memory ends one statement with an error."
      })
  boolean isolated;

  @Option(
      names = "--engine",
      paramLabel = "duckdb|drill",
      description = {
        "What answers: duckdb on this machine, or the cluster of Apache Drill that the part 'drill'",
        "of the configuration names. Default: 'engine' of the configuration, else duckdb."
      })
  @Nullable SqlEngine engineName;

  SqlCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    try {
      return answer();
    } catch (WatershedException e) {
      if (UnwrittenOutput.isReaderGone(e)) {
        return 0;
      }
      throw e;
    }
  }

  private int answer() throws Exception {
    WatershedConfig config = context.config();
    if (emitView.isWanted()) {
      try (Connections connections = new Connections(context, config)) {
        emitView.print(context, connections.reservoir(), statement);
      }
      return 0;
    }
    OutputFormat format = format();
    ResultOutput output = output(format);
    int maxStatementChars = config.sql().maxStatementChars();
    try (Connections connections = new Connections(context, config);
        QueryEngine engine = engine(connections)) {
      if (explain) {
        explain(engine);
        return 0;
      }
      Catalog catalog = new Catalog(engine, connections::knownStreams, context.clock());
      if (isShell()) {
        Shell.run(
            context,
            (console, place) -> session(engine, console, place, format),
            catalog,
            maxStatementChars);
        return 0;
      }
      SqlSession session = session(engine, context.console(), output, format);
      if (isScript()) {
        script(session, catalog, maxStatementChars);
      } else {
        session.run(Objects.requireNonNull(statement));
      }
    }
    return 0;
  }

  private QueryEngine engine(Connections connections) {
    if (engineName == SqlEngine.DRILL && isolated) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "--isolated is for statements on this machine",
          "Leave it out: Drill's processes are its own.");
    }
    boolean drill =
        engineName == null
            ? connections.config().engine() == SqlEngine.DRILL && !isolated
            : engineName == SqlEngine.DRILL;
    if (drill) {
      return connections.drillEngine();
    }
    return isolated ? connections.isolatedEngine() : connections.engine();
  }

  private void explain(QueryEngine engine) {
    if (statement == null || statement.equals("-")) {
      throw new WatershedException(
          ErrorCode.USAGE, "--explain takes one statement", "Give it as an argument.");
    }
    Optional<AsOf> cut =
        Optional.ofNullable(asOf).map(text -> AsOfText.parse(text, context.clock()));
    QueryOutcome outcome =
        engine.execute(new SqlRequest(statement, cut, live), new Explain.NoRows());
    if (context.options().format() == OutputFormat.TABLE) {
      Explain.text(outcome).forEach(context.console()::print);
    } else {
      context.console().print(Explain.json(outcome).toString());
    }
  }

  private boolean isScript() {
    return statement == null || statement.equals("-");
  }

  private boolean isShell() {
    Console.Terminals terminals = context.console().terminals();
    return statement == null && terminals.in() && terminals.out() && outputFile == null;
  }

  private SqlSession session(
      QueryEngine engine, Console console, ResultOutput output, OutputFormat format) {
    SqlSession session =
        new SqlSession(engine, console, context.clock(), context.shutdown(), output, format);
    session.setAsOf(Optional.ofNullable(asOf));
    session.setLive(live);
    return session;
  }

  private OutputFormat format() {
    OutputFormat format = context.options().format();
    boolean chosen = context.options().output != null || context.options().json;
    return outputFile == null || chosen ? format : OutputFormat.ofFile(outputFile.toString());
  }

  private ResultOutput output(OutputFormat format) {
    Console console = context.console();
    if (outputFile != null) {
      return new SingleResult(new ResultFile(context.folder().resolve(outputFile), overwrite));
    }
    if (console.terminals().out()) {
      return new TerminalOutput(console.out(), console.terminals().columns());
    }
    StreamOutput stream = StreamOutput.to(console.bytes());
    return format == OutputFormat.PARQUET ? new SingleResult(stream) : stream;
  }

  private void script(SqlSession session, Catalog catalog, int maxStatementChars)
      throws IOException {
    BackslashCommands commands =
        new BackslashCommands(context, session, catalog, maxStatementChars);
    Reader text = new InputStreamReader(context.input(), StandardCharsets.UTF_8);
    new Script(text, maxStatementChars, session, commands).run();
  }
}
