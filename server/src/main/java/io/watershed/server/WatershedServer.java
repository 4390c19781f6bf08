package io.watershed.server;

import io.watershed.core.config.ServerSettings;
import io.watershed.flight.FlightSqlEndpoint;
import io.watershed.server.http.AccessRule;
import io.watershed.server.http.OpenApi;
import io.watershed.server.http.Role;
import io.watershed.server.http.Route;
import io.watershed.server.http.ServerMetrics;
import io.watershed.server.http.WebServer;
import io.watershed.server.monitor.MonitorRoutes;
import io.watershed.server.record.RecordRoutes;
import io.watershed.server.record.Tails;
import io.watershed.server.replay.ReplayRoutes;
import io.watershed.server.replay.ReplayRuns;
import io.watershed.server.statement.StatementRoutes;
import io.watershed.server.statement.Statements;
import io.watershed.server.stream.StreamRoutes;
import io.watershed.server.stream.StreamWatch;
import io.watershed.server.trace.RequestTraces;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code watershed serve}: the API, live updates and the web UI over one backend. Thread-safe. */
public final class WatershedServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WatershedServer.class);

  private final WebServer web;
  private final Optional<FlightSqlEndpoint> flight;
  private final Deque<AutoCloseable> parts;

  private WatershedServer(
      WebServer web, Optional<FlightSqlEndpoint> flight, Deque<AutoCloseable> parts) {
    this.web = web;
    this.flight = flight;
    this.parts = parts;
  }

  /**
   * Starts to listen.
   *
   * @param backend what is served; stays the caller's
   * @param flight where Flight SQL listens; empty for none
   * @throws io.watershed.core.error.WatershedException {@code usage}, {@code config}
   */
  public static WatershedServer open(
      Backend backend,
      ServerSettings settings,
      InetSocketAddress address,
      Optional<InetSocketAddress> flight) {
    AccessRule access = AccessRule.of(address, settings.tokens());
    AuditLog audit = new AuditLog(settings.auditLog(), backend.clock());
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      StreamWatch watch = new StreamWatch(backend);
      parts.push(watch);
      Statements statements = new Statements(backend, settings.limits());
      parts.push(statements);
      ReplayRuns runs = new ReplayRuns(backend, settings.limits());
      parts.push(runs);
      ServerMetrics metrics = new ServerMetrics();
      MonitorRoutes monitor =
          new MonitorRoutes(
              backend::archivers,
              samples -> {
                metrics.report(samples::counter);
                backend.count(samples);
                statements
                    .counts()
                    .forEach(
                        (state, count) ->
                            samples.gauge(
                                "watershed_statements",
                                "Statements that are kept, by state.",
                                count,
                                "state",
                                state));
              });
      List<Route> routes = new ArrayList<>();
      routes.addAll(
          new ServerRoutes(backend, settings.limits(), access, watch, runs::listen).routes());
      routes.addAll(new StreamRoutes(backend, watch).routes());
      routes.addAll(new StatementRoutes(backend, statements).routes());
      Tails tails = new Tails(backend, settings.limits());
      parts.push(tails);
      routes.addAll(new RecordRoutes(backend, watch, tails).routes());
      ReplayRoutes replays = new ReplayRoutes(backend, watch, runs);
      parts.push(replays);
      routes.addAll(replays.routes());
      routes.addAll(audit.routes());
      routes.addAll(monitor.probes());
      routes.addAll(monitor.routes());
      routes.add(document(List.copyOf(routes), backend.version()));
      Optional<FlightSqlEndpoint> sql =
          flight.map(at -> FlightPart.open(at, backend, settings, access, audit));
      sql.ifPresent(parts::push);
      WebServer web =
          WebServer.open(
              address,
              settings.tls(),
              access,
              settings.limits(),
              audit,
              metrics,
              new RequestTraces(backend.telemetry()),
              routes,
              new StaticFiles());
      return new WatershedServer(web, sql, parts);
    } catch (RuntimeException e) {
      close(parts);
      throw e;
    }
  }

  private static Route document(List<Route> routes, String version) {
    return Route.get("/api/v1/openapi.json", "Server", "This API as an OpenAPI document.")
        .as(Role.NONE)
        .answers(200, "OpenAPI 3.1.")
        .by(call -> call.answer(OpenApi.of(routes, version)));
  }

  /** Where it listens. */
  public URI address() {
    return web.address();
  }

  /** Where Flight SQL listens; empty if it does not. */
  public Optional<URI> flightAddress() {
    return flight.map(FlightSqlEndpoint::address);
  }

  /**
   * Ends: says so to who listens, ends running statements with an error, pauses replays with what
   * was in flight settled, and forgets results.
   */
  @Override
  public void close() {
    web.stopping();
    close(parts);
    web.close();
  }

  private static void close(Deque<AutoCloseable> parts) {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        LOG.warn("A part of the server did not end well", e);
      }
    }
  }
}
