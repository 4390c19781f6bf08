package io.watershed.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.config.ServerSettings.Limits;
import io.watershed.query.Catalog;
import io.watershed.query.ResultColumn;
import io.watershed.server.http.AccessRule;
import io.watershed.server.http.Call;
import io.watershed.server.http.EventStream;
import io.watershed.server.http.Route;
import io.watershed.server.statement.StatementRoutes;
import io.watershed.server.stream.StreamWatch;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** {@code /server}, {@code /schema}, {@code /events}: the server itself. */
final class ServerRoutes {
  private static final String AREA = "Server";

  private final Backend backend;
  private final Limits limits;
  private final AccessRule access;
  private final StreamWatch watch;
  private final Function<EventStream, AutoCloseable> replays;
  private final Catalog catalog;
  private final Instant startedAt;

  /**
   * @param replays begins to tell of replays that run here
   */
  ServerRoutes(
      Backend backend,
      Limits limits,
      AccessRule access,
      StreamWatch watch,
      Function<EventStream, AutoCloseable> replays) {
    this.backend = backend;
    this.limits = limits;
    this.access = access;
    this.watch = watch;
    this.replays = replays;
    this.catalog = new Catalog(backend.engine(), backend::knownStreams, backend.clock());
    this.startedAt = backend.clock().instant();
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/server", AREA, "What this server is, and what the caller may do.")
            .answers(
                200,
                "{version, started_at, reservoir, archiving, role, token_required,"
                    + " engines, engine, limits:"
                    + " {statements, rows_per_page, result_bytes}}")
            .by(this::server),
        Route.get("/api/v1/schema", AREA, "Every table that SQL may name, with its columns.")
            .answers(200, "{tables: [{name, columns: [{name, type}]}]}")
            .by(this::schema),
        Route.get("/api/v1/events", AREA, "What changes: streams and replays.")
            .answers(
                200,
                "text/event-stream",
                "status {streams: [summary]}; replay {plan, state, progress}; stopping {}")
            .by(call -> call.events(this::events)));
  }

  private AutoCloseable events(EventStream events) throws Exception {
    AutoCloseable streams = watch.listen(events);
    AutoCloseable running = replays.apply(events);
    return () -> {
      streams.close();
      running.close();
    };
  }

  private void server(Call call) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("version", backend.version())
            .put("started_at", startedAt.toString())
            .put("reservoir", backend.reservoir().toString())
            .put("archiving", !backend.archivers().isEmpty())
            .put("role", call.caller().role().text())
            .put("caller", call.caller().name())
            .put("token_required", access.needsToken());
    json.putArray("engines").add("duckdb");
    if (backend.config().drill().isPresent()) {
      json.withArray("engines").add("drill");
    }
    json.put("engine", backend.config().engine().name().toLowerCase(Locale.ROOT));
    json.putObject("limits")
        .put("statements", limits.runningStatements())
        .put("rows_per_page", StatementRoutes.MAX_PAGE_ROWS)
        .put("result_bytes", limits.resultBytes())
        .put("request_bytes", limits.requestBytes())
        .put("sessions", limits.sessions());
    call.answer(json);
  }

  private void schema(Call call) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode tables = json.putArray("tables");
    for (String table : catalog.tables()) {
      ObjectNode entry = tables.addObject().put("name", table);
      ArrayNode columns = entry.putArray("columns");
      for (ResultColumn column : catalog.columns(table)) {
        columns.addObject().put("name", column.name()).put("type", column.type());
      }
    }
    call.answer(json);
  }
}
