package io.watershed.server.statement;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.context.Context;
import io.watershed.cut.Receipt;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.SqlRequest;
import io.watershed.query.StatementControl;
import io.watershed.query.StatementReport;
import io.watershed.query.spool.ResultSpool;
import io.watershed.server.JsonTime;
import io.watershed.server.http.Caller;
import io.watershed.server.http.Problem;
import io.watershed.server.trace.StatementTraces;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One statement of a caller, from when it was asked for until it is forgotten. Thread-safe. */
final class Statement {
  /** How a statement stands. */
  enum State {
    QUEUED,
    RUNNING,
    DONE,
    FAILED,
    CANCELLED;

    boolean isOver() {
      return compareTo(DONE) >= 0;
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final String id;
  private final Asked asked;
  private final Context parent = StatementTraces.here();
  private final Caller caller;
  private final Instant createdAt;
  private final ResultSpool spool;
  private final StatementControl control = new StatementControl();
  private State state = State.QUEUED;
  private Optional<Instant> startedAt = Optional.empty();
  private Optional<Instant> endedAt = Optional.empty();
  private Optional<QueryOutcome> outcome = Optional.empty();
  private Optional<Problem> problem = Optional.empty();
  private long usedNanos = System.nanoTime();

  Statement(String id, Asked asked, Caller caller, Instant createdAt, ResultSpool spool) {
    this.id = id;
    this.asked = asked;
    this.caller = caller;
    this.createdAt = createdAt;
    this.spool = spool;
  }

  String id() {
    return id;
  }

  /** What asked for it, for traces. */
  Context parent() {
    return parent;
  }

  Asked asked() {
    return asked;
  }

  SqlRequest request() {
    return asked.request();
  }

  Caller caller() {
    return caller;
  }

  ResultSpool spool() {
    return spool;
  }

  StatementControl control() {
    return control;
  }

  synchronized State state() {
    return state;
  }

  /** Begins to run; false if it was cancelled before. */
  synchronized boolean start(Instant now) {
    if (state != State.QUEUED) {
      return false;
    }
    state = State.RUNNING;
    startedAt = Optional.of(now);
    return true;
  }

  /** Ends, once. */
  synchronized void end(
      State ending, Instant now, Optional<QueryOutcome> result, Optional<Problem> why) {
    if (!state.isOver()) {
      state = ending;
      endedAt = Optional.of(now);
      outcome = result;
      problem = why;
      usedNanos = System.nanoTime();
      notifyAll();
    }
  }

  /** Waits until it is over, or this long. */
  synchronized void await(Duration patience) throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    for (long left = until - System.nanoTime();
        left > 0 && !state.isOver();
        left = until - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  /** Notes that somebody is interested. */
  synchronized void use() {
    usedNanos = System.nanoTime();
  }

  /** Whether nobody asked for it in this time. */
  synchronized boolean isIdle(Duration time) {
    return state.isOver() && System.nanoTime() - usedNanos > time.toNanos();
  }

  /**
   * The result as a whole, for a format that tells of it.
   *
   * @throws Problem 409 if there is none
   */
  synchronized QueryOutcome whole() {
    if (state != State.DONE) {
      throw Problem.of(
          409, "refused", "The statement is " + state.text() + "; it has no whole result", "");
    }
    if (spool.isFull()) {
      throw Problem.of(
          409,
          "limit",
          "The result is not whole: it was larger than server.result_size",
          "Stream it with POST /api/v1/query, or select less.");
    }
    return outcome.orElseThrow();
  }

  synchronized ObjectNode json() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", id)
            .put("sql", request().sql())
            .put("engine", asked.engine().name().toLowerCase(Locale.ROOT))
            .put("state", state.text())
            .put("step", control.step().name().toLowerCase(Locale.ROOT))
            .put(
                "fraction",
                state == State.RUNNING && control.fraction() >= 0
                    ? (Double) control.fraction()
                    : null)
            .put("caller", caller.name())
            .put("created_at", createdAt.toString())
            .put("started_at", JsonTime.text(startedAt))
            .put("ended_at", JsonTime.text(endedAt))
            .put("live", request().live().word());
    ArrayNode columns = json.putArray("columns");
    for (ResultColumn column : spool.columns()) {
      columns.addObject().put("name", column.name()).put("type", column.type());
    }
    json.put("rows", spool.rows())
        .put("bytes", spool.bytes())
        .put("receipt", receipt().orElse(null))
        .put("truncated", spool.isFull());
    ArrayNode notes = json.putArray("notes");
    notes().forEach(notes::add);
    outcome.map(QueryOutcome::report).ifPresent(report -> cost(json.putObject("cost"), report));
    json.set("problem", problem.map(Problem::json).orElse(null));
    return json;
  }

  /** A cut of no stream is nothing to ask again. */
  private Optional<String> receipt() {
    return control.receipt().filter(cut -> !cut.streams().isEmpty()).map(Receipt::id);
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>(outcome.map(QueryOutcome::notices).orElse(List.of()));
    if (spool.isFull()) {
      notes.add(
          "The result is not whole: it was larger than server.result_size. Its first "
              + spool.rows()
              + " rows are kept.");
    }
    return notes;
  }

  private static void cost(ObjectNode json, StatementReport report) {
    ArrayNode streams = json.putArray("streams");
    for (StatementReport.StreamCost cost : report.streams()) {
      streams
          .addObject()
          .put("stream", cost.stream())
          .put("files", cost.files())
          .put("files_read", cost.filesRead())
          .put("bytes_stored", cost.bytesStored())
          .put("bytes_fetched", cost.bytesFetched())
          .put("live_records", cost.liveRecords())
          .put("live_bytes", cost.liveBytes());
    }
    ObjectNode steps = json.putObject("step_seconds");
    for (StatementReport.StepTime step : report.steps()) {
      steps.put(step.step().name().toLowerCase(Locale.ROOT), step.elapsed().toNanos() / 1e9);
    }
  }
}
