package io.watershed.server.record;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.config.TimeText;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.LiveMode;
import io.watershed.cut.Receipt;
import io.watershed.query.QueryOutcome;
import io.watershed.query.SqlRequest;
import io.watershed.query.StatementControl;
import io.watershed.server.Backend;
import io.watershed.server.http.AccessRule;
import io.watershed.server.http.Call;
import io.watershed.server.http.Param;
import io.watershed.server.http.Problem;
import io.watershed.server.http.Route;
import io.watershed.server.http.Shape;
import io.watershed.server.http.Turns;
import io.watershed.server.stream.StreamRoutes;
import io.watershed.server.stream.StreamWatch;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code /streams/{stream}/records} and {@code /tail}. */
public final class RecordRoutes {
  private static final String AREA = "Records";
  private static final int MAX_LIMIT = 500;
  private static final int MAX_CHARS = 10_000;
  private static final Param WHERE =
      Param.query(
          "where", Shape.text(MAX_CHARS), "SQL over the columns: only records for which it holds.");
  private static final Param KEY =
      Param.query("key", Shape.text(256), "Only records with this partition key.");
  private static final Param SHARD =
      Param.query("shard", Shape.text(128), "Only records of this shard.");
  private static final String RECORD =
      "{shard, sequence, sub, position, partition_key, arrival_time, side: archive|live, bytes,"
          + " payload_format: json|text|binary, payload_text or payload_base64, payload_cut,"
          + " decode_error}";

  private final Backend backend;
  private final StreamWatch watch;
  private final Tails tails;
  private final Turns gate;

  /** How many of these statements run at the same time: they are ours, beside those of users. */
  private static final int PERMITS = 2;

  /** Over a backend. */
  public RecordRoutes(Backend backend, StreamWatch watch, Tails tails) {
    this.backend = backend;
    this.watch = watch;
    this.tails = tails;
    this.gate = new Turns(PERMITS);
  }

  /** All of them. */
  public List<Route> routes() {
    return List.of(
        Route.get("/api/v1/streams/{stream}/records", AREA, "Records, archived and live.")
            .with(
                StreamRoutes.STREAM,
                Param.query("from", Shape.text(64), "Arrived then or later: RFC 3339, or 2h."),
                Param.query("to", Shape.text(64), "Arrived before."),
                SHARD,
                Param.query(
                    "after",
                    Shape.text(256),
                    "After this position (shard:sequence), in its shard."),
                KEY,
                WHERE,
                Param.query("limit", Shape.integer(1, MAX_LIMIT), "How many at most.").or("100"),
                Param.query("order", Shape.choice("oldest", "newest"), "By time of arrival.")
                    .or("newest"),
                Param.query("page", Shape.text(2_000), "The 'next' of the page before."))
            .answers(
                200,
                "{records: ["
                    + RECORD
                    + "], receipt, next}: pages are of one cut, that of the"
                    + " receipt. A page of 8 MiB ends early.")
            .by(this::records),
        Route.get("/api/v1/streams/{stream}/records/{position}", AREA, "One record, whole.")
            .with(
                StreamRoutes.STREAM,
                Param.path("position", Shape.text(256), "shard:sequence, or shard:sequence:sub."))
            .answers(200, RECORD + " with {columns, origin, replay_id, receipt}")
            .by(this::whole),
        Route.get("/api/v1/streams/{stream}/tail", AREA, "Records as they arrive.")
            .with(
                StreamRoutes.STREAM,
                Param.query(
                        "from",
                        Shape.text(100_000),
                        "now, start, a time, a position, or the place of an earlier tail.")
                    .or("now"),
                KEY,
                SHARD,
                WHERE)
            .answers(
                200,
                "text/event-stream",
                "record; progress {records}; skipped {records}; gap; notice; ended {records,"
                    + " place}; problem")
            .by(this::tail));
  }

  private void records(Call call) throws Exception {
    RecordQuestion question = question(call);
    question.where().ifPresent(backend.engine()::requirePredicate);
    String hash = AccessRule.hash(asked(call));
    Optional<PageToken> page = call.find("page").map(text -> PageToken.parse(text, hash));
    int limit = Math.toIntExact(call.number("limit"));
    call.answer(gate.run(() -> page(question, page, limit, hash)));
  }

  private RecordQuestion question(Call call) {
    return new RecordQuestion(
        watch.requireKnown(call.text("stream")),
        time(call, "from"),
        time(call, "to"),
        call.find("shard"),
        call.find("after").map(text -> RecordPosition.parse(text, "after")),
        call.find("key"),
        call.find("where"),
        call.text("order").equals("newest"));
  }

  /** The question in the caller's own words, in which a relative time is always the same. */
  private static String asked(Call call) {
    return Stream.of("stream", "from", "to", "shard", "after", "key", "where", "order")
        .map(name -> call.find(name).toString())
        .collect(Collectors.joining(" "));
  }

  private Optional<Instant> time(Call call, String name) {
    return call.find(name).map(text -> TimeText.parse(text, backend.clock()));
  }

  /**
   * Two statements over one cut: the first reads only what orders the records, of all files; the
   * second everything, of the files between the first and the last record.
   */
  private ObjectNode page(
      RecordQuestion question, Optional<PageToken> page, int limit, String hash) {
    PlaceSpan span = new PlaceSpan(limit);
    StatementControl control = new StatementControl();
    SqlRequest places = SqlRequest.of(question.placesSql(page, limit + 1));
    QueryOutcome outcome =
        backend
            .engine()
            .execute(page.map(token -> places.at(token.receipt())).orElse(places), span, control);
    String receipt = outcome.receipt().id();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    RecordPage records = new RecordPage();
    if (span.least().isPresent()) {
      SqlRequest whole =
          SqlRequest.of(
                  question.recordsSql(page, span.least().get(), span.most().orElseThrow(), limit))
              .at(receipt);
      backend.engine().execute(whole, records);
    }
    json.set("records", records.records());
    json.put("receipt", receipt);
    boolean more = span.more() || records.records().size() < span.records();
    json.put("next", more ? records.last().map(r -> next(r, receipt, hash)).orElse(null) : null);
    return json;
  }

  private static String next(StreamRecord last, String receipt, String question) {
    return new PageToken(
            receipt,
            question,
            last.arrivalTime(),
            last.shard().incarnation(),
            last.shard().shardId(),
            last.position().sequenceNumber().padded(),
            last.position().subSequenceNumber())
        .text();
  }

  private void whole(Call call) throws Exception {
    String stream = watch.requireKnown(call.text("stream"));
    RecordPosition place = RecordPosition.parse(call.text("position"), "position");
    WholeRecord whole = new WholeRecord();
    QueryOutcome outcome =
        gate.run(
            () ->
                backend
                    .engine()
                    .execute(
                        SqlRequest.of(RecordQuestion.wholeSql(stream, place)).with(LiveMode.AUTO),
                        whole));
    ObjectNode json =
        whole
            .json()
            .orElseThrow(
                () ->
                    Problem.notFound(
                        "'" + stream + "' has no record at " + place.text(),
                        "It may be trimmed from the stream and not be archived."));
    Receipt receipt = outcome.receipt();
    call.answer(json.put("receipt", receipt.id()));
  }

  private void tail(Call call) throws Exception {
    String stream = watch.requireKnown(call.text("stream"));
    Optional<String> where = call.find("where");
    where.ifPresent(backend.engine()::requirePredicate);
    Tails.Wanted wanted =
        new Tails.Wanted(stream, call.text("from"), where, call.find("key"), call.find("shard"));
    try (Tails.Tail tail = tails.enter(wanted)) {
      call.events(tail::follow);
    }
  }
}
