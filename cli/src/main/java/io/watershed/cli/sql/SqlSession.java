package io.watershed.cli.sql;

import io.watershed.cli.Console;
import io.watershed.cli.Explain;
import io.watershed.cli.OutputFormat;
import io.watershed.cli.Shutdown;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.LiveMode;
import io.watershed.query.AsOf;
import io.watershed.query.AsOfText;
import io.watershed.query.QueryEngine;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultSink;
import io.watershed.query.SqlRequest;
import io.watershed.query.StatementControl;
import io.watershed.query.StatementReport.StepTime;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How statements are run and printed, from one statement to the next. Used by one thread; {@link
 * #cancel} by any.
 */
public final class SqlSession {
  private final QueryEngine engine;
  private final Console console;
  private final InstantSource clock;
  private final Shutdown shutdown;
  private final ResultOutput output;
  private Optional<AsOf> asOf = Optional.empty();
  private LiveMode live = LiveMode.AUTO;
  private OutputFormat format;
  private boolean timing;
  private boolean explaining;
  private Optional<SqlRequest> last = Optional.empty();
  private volatile Optional<StatementControl> running = Optional.empty();

  /**
   * @param output where results go
   * @param format how they are printed
   */
  public SqlSession(
      QueryEngine engine,
      Console console,
      InstantSource clock,
      Shutdown shutdown,
      ResultOutput output,
      OutputFormat format) {
    this.engine = engine;
    this.console = console;
    this.clock = clock;
    this.shutdown = shutdown;
    this.output = output;
    this.format = format;
  }

  /** Sees this cut from now on, a receipt or a time; empty for a fresh one each time. */
  public void setAsOf(Optional<String> cut) {
    asOf = cut.map(text -> AsOfText.parse(text, clock));
  }

  /** Reads the live side like this from now on. */
  public void setLive(LiveMode mode) {
    live = mode;
  }

  /** Prints results like this from now on. */
  public void setFormat(OutputFormat other) {
    format = other;
  }

  /** Says how long each step took, from now on or not any more. */
  public boolean toggleTiming() {
    timing = !timing;
    return timing;
  }

  /** Says what each statement cost, from now on or not any more. */
  public boolean toggleExplaining() {
    explaining = !explaining;
    return explaining;
  }

  /** Runs a statement of the user's and prints its result. */
  public void run(String sql) throws IOException {
    SqlRequest request = new SqlRequest(sql, asOf, live);
    Optional<QueryOutcome> outcome = print(request, format, output);
    last = Optional.of(outcome.map(done -> repeating(request, done)).orElse(request));
  }

  /** Runs a statement of ours and prints its result as a table. */
  void show(String sql) throws IOException {
    print(new SqlRequest(sql, asOf, live), OutputFormat.TABLE, output);
  }

  /**
   * Runs the last statement again, at its receipt, into a file.
   *
   * @throws WatershedException {@code usage} if there was none
   */
  void export(ResultFile file, OutputFormat fileFormat) throws IOException {
    SqlRequest again =
        last.orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.USAGE, "There is no result to export yet", "Run a statement first."));
    print(again, fileFormat, file)
        .ifPresent(
            outcome ->
                console.say(String.format(Locale.ROOT, "exported %,d rows", outcome.rows())));
  }

  /** The same rows again, if the statement read streams. */
  private static SqlRequest repeating(SqlRequest request, QueryOutcome outcome) {
    return outcome.receipt().streams().isEmpty() ? request : request.at(outcome.receipt().id());
  }

  private Optional<QueryOutcome> print(SqlRequest request, OutputFormat as, ResultOutput to)
      throws IOException {
    StatementControl control = new StatementControl();
    running = Optional.of(control);
    console.out().flush();
    try (StatementProgress progress = StatementProgress.of(console, clock, control);
        Registered stop = new Registered(shutdown.onStop(control::cancel))) {
      Optional<QueryOutcome> outcome =
          to.print(as, new Running(engine, request, control, progress));
      progress.stop();
      outcome.ifPresent(done -> report(done, as, to));
      return outcome;
    } finally {
      running = Optional.empty();
    }
  }

  private void report(QueryOutcome outcome, OutputFormat as, ResultOutput to) {
    boolean inResult = to == output && (as == OutputFormat.TABLE || as == OutputFormat.JSON);
    if (!inResult) {
      console.say("receipt " + outcome.receipt().id());
      outcome.notices().forEach(notice -> console.say("note: " + notice));
    }
    if (explaining) {
      Explain.text(outcome).forEach(console::say);
    } else if (timing) {
      console.say(
          outcome.report().steps().stream()
              .map(SqlSession::text)
              .collect(Collectors.joining(", ", "time: ", "")));
    }
  }

  private static String text(StepTime step) {
    return step.step().name().toLowerCase(Locale.ROOT) + " " + step.elapsed().toMillis() + " ms";
  }

  /** Ends the running statement; says whether there is one. */
  public boolean cancel() {
    Optional<StatementControl> current = running;
    current.ifPresent(StatementControl::cancel);
    return current.isPresent();
  }

  private record Registered(AutoCloseable registration) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try {
        registration.close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }

  private record Running(
      QueryEngine engine, SqlRequest request, StatementControl control, StatementProgress progress)
      implements Execution {
    @Override
    public QueryOutcome into(ResultSink sink) {
      return engine.execute(request, new WatchedSink(sink, progress), control);
    }

    @Override
    public void cancel() {
      control.cancel();
    }

    @Override
    public void quiet() {
      progress.stop();
    }
  }
}
