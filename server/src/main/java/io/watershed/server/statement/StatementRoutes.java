package io.watershed.server.statement;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.config.SqlEngine;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.LiveMode;
import io.watershed.query.AsOfText;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import io.watershed.query.SqlRequest;
import io.watershed.query.StatementControl;
import io.watershed.server.Backend;
import io.watershed.server.http.Call;
import io.watershed.server.http.Param;
import io.watershed.server.http.Problem;
import io.watershed.server.http.Route;
import io.watershed.server.http.Shape;
import io.watershed.server.http.Shape.Member;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code /statements} and {@code /query}. */
public final class StatementRoutes {
  /** Rows of one page of a result. */
  public static final int MAX_PAGE_ROWS = 10_000;

  private static final String AREA = "Statements";
  private static final int MAX_WAIT_SECONDS = 20;
  private static final Param ID =
      Param.path("id", Shape.text(24, "[0-9a-f]{24}"), "The statement's id.");
  private static final String STATEMENT =
      "{id, sql, engine, state: queued|running|done|failed|cancelled, step, fraction, created_at,"
          + " started_at, ended_at, columns, rows, bytes, receipt, live, notes, problem,"
          + " truncated, cost}";

  private final Backend backend;
  private final Statements statements;
  private final Shape.Members request;

  /** Over the statements of a server. */
  public StatementRoutes(Backend backend, Statements statements) {
    this.backend = backend;
    this.statements = statements;
    this.request =
        Shape.object(
            Member.required(
                "sql", Shape.text(backend.config().sql().maxStatementChars()), "One SELECT."),
            Member.optional(
                "as_of", Shape.text(200_000), "A receipt, or a time: what the statement sees."),
            Member.optional(
                "live",
                Shape.choice(LiveMode.words().toArray(String[]::new)),
                "Whether to read what is not archived yet; auto is the default."),
            Member.optional(
                "engine",
                Shape.choice("duckdb", "drill"),
                "What answers; without it, what the configuration says."));
  }

  /** All of them. */
  public List<Route> routes() {
    return List.of(
        Route.post("/api/v1/statements", AREA, "Runs a statement in the background.")
            .taking(request)
            .creating()
            .answers(201, STATEMENT)
            .by(this::submit),
        Route.get("/api/v1/statements", AREA, "The statements that are kept, newest first.")
            .answers(200, "{statements: [" + STATEMENT + "]}")
            .by(this::list),
        Route.get("/api/v1/statements/{id}", AREA, "How a statement stands.")
            .with(
                ID,
                Param.query(
                        "wait",
                        Shape.integer(0, MAX_WAIT_SECONDS),
                        "Wait so many seconds for its end.")
                    .or("0"))
            .answers(200, STATEMENT)
            .by(this::statement),
        Route.get("/api/v1/statements/{id}/rows", AREA, "A page of the result.")
            .with(
                ID,
                Param.query("offset", Shape.integer(0, Long.MAX_VALUE), "The first row.").or("0"),
                Param.query("limit", Shape.integer(1, MAX_PAGE_ROWS), "How many.").or("1000"))
            .answers(
                200,
                "{offset, total, columns, rows: [[value]]}; a page of 16 MiB ends early. Integers"
                    + " beyond 2^53, decimals and JSON are texts.")
            .by(this::rows),
        Route.get("/api/v1/statements/{id}/export", AREA, "The whole result as a file.")
            .with(
                ID,
                Param.query("format", Shape.choice(ExportFormat.words()), "The file's format.")
                    .or("csv"))
            .audited(true)
            .answers(200, "application/octet-stream", "The file.")
            .by(this::export),
        Route.delete("/api/v1/statements/{id}", AREA, "Cancels a statement, or forgets its result.")
            .with(ID)
            .answers(204, "", "It ends, or is forgotten.")
            .by(this::delete),
        Route.post("/api/v1/query", AREA, "Runs a statement and streams its result.")
            .taking(request)
            .answers(
                200,
                "application/x-ndjson",
                "The result, in the format that Accept asks for; the header Watershed-Receipt has"
                    + " its receipt. An error after the first byte breaks the connection.")
            .by(this::query));
  }

  private Asked request(Call call) {
    SqlRequest sql =
        SqlRequest.of(call.body().path("sql").asText())
            .with(LiveMode.parse(call.bodyText("live").orElse(LiveMode.AUTO.word())));
    call.isAbout(sql.sql());
    SqlEngine engine =
        call.bodyText("engine")
            .map(word -> SqlEngine.valueOf(word.toUpperCase(Locale.ROOT)))
            .orElse(backend.config().engine());
    return new Asked(
        call.bodyText("as_of")
            .map(text -> sql.at(AsOfText.parse(text, backend.clock())))
            .orElse(sql),
        engine);
  }

  private void submit(Call call) throws IOException {
    Statement statement = statements.submit(request(call), call.caller());
    call.created("/api/v1/statements/" + statement.id(), statement.json());
  }

  private void list(Call call) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode all = json.putArray("statements");
    statements.list().forEach(statement -> all.add(statement.json()));
    call.answer(json);
  }

  private void statement(Call call) throws Exception {
    Statement statement = statements.find(call.text("id"));
    long seconds = call.number("wait");
    if (seconds > 0 && !statement.state().isOver()) {
      call.waiting(
          () -> {
            statement.await(Duration.ofSeconds(seconds));
            return statement;
          });
    }
    call.answer(statement.json());
  }

  private void rows(Call call) throws IOException {
    Statement statement = statements.find(call.text("id"));
    long offset = call.number("offset");
    long total = statement.spool().rows();
    OutputStream out = call.stream("application/json; charset=utf-8");
    PageSink page = new PageSink(out, offset, total);
    try {
      copy(statement, offset, call.number("limit"), page);
    } catch (PageSink.PageFull full) {
      // The reader goes on after the rows that it got.
      Objects.requireNonNull(full);
    }
    page.finish();
  }

  private void export(Call call) throws IOException {
    Statement statement = statements.find(call.text("id"));
    call.isAbout(statement.request().sql());
    QueryOutcome outcome = statement.whole();
    ExportFormat format = ExportFormat.of(call.text("format"));
    call.set(
        "Content-Disposition",
        "attachment; filename=\"watershed-" + statement.id() + "." + format.word() + "\"");
    ResultSink sink = format.sink(call.stream(format.contentType()));
    copy(statement, 0, Long.MAX_VALUE, sink);
    sink.end(outcome);
  }

  private static void copy(Statement statement, long offset, long limit, ResultSink sink)
      throws IOException {
    try {
      statement.spool().copy(offset, limit, sink);
    } catch (NoSuchFileException e) {
      throw Problem.notFound("The result was just forgotten", "Run the statement again.");
    }
  }

  private void delete(Call call) {
    statements.delete(call.text("id"), call.caller());
    call.done();
  }

  private void query(Call call) throws Exception {
    Asked asked = request(call);
    ExportFormat format = ExportFormat.accepted(call.header("Accept"));
    StatementControl control = new StatementControl();
    call.waiting(
        () -> {
          try {
            statements.stream(asked, new Streamed(call, format, control), control);
          } catch (WatershedException e) {
            throw e.code() == ErrorCode.OUTPUT ? readerGone() : e;
          }
          return control;
        });
  }

  private static Problem readerGone() {
    return Problem.of(400, "output", "The reader went away", "");
  }

  /** The rows of a statement on their way to the caller. */
  private static final class Streamed implements ResultSink {
    private final Call call;
    private final ExportFormat format;
    private final StatementControl control;
    private @Nullable ResultSink sink;

    Streamed(Call call, ExportFormat format, StatementControl control) {
      this.call = call;
      this.format = format;
      this.control = control;
    }

    @Override
    public void begin(List<ResultColumn> columns) throws IOException {
      control.receipt().ifPresent(receipt -> call.set("Watershed-Receipt", receipt.id()));
      ResultSink open = format.sink(call.stream(format.contentType()));
      sink = open;
      open.begin(columns);
    }

    @Override
    public void row(@Nullable Object[] values) throws IOException {
      Objects.requireNonNull(sink).row(values);
    }

    @Override
    public void end(QueryOutcome outcome) throws IOException {
      Objects.requireNonNull(sink).end(outcome);
    }
  }
}
