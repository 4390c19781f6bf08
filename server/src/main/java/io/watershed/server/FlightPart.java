package io.watershed.server;

import io.watershed.core.config.ServerSettings;
import io.watershed.core.config.ServerToken;
import io.watershed.flight.FlightListener;
import io.watershed.flight.FlightSettings;
import io.watershed.flight.FlightSqlEndpoint;
import io.watershed.flight.FlightTokens;
import io.watershed.query.TableNames;
import io.watershed.server.http.AccessRule;
import io.watershed.server.http.AuditSink;
import io.watershed.server.http.Caller;
import io.watershed.server.http.Role;
import io.watershed.server.trace.StatementTraces;
import io.watershed.server.trace.TracedEngine;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Flight SQL over what a server serves: the same engine, tokens, certificate and audit log. */
final class FlightPart {
  private FlightPart() {}

  static FlightSqlEndpoint open(
      InetSocketAddress address,
      Backend backend,
      ServerSettings settings,
      AccessRule access,
      AuditSink audit) {
    FlightSettings plain =
        FlightSettings.at(address).withMaxStatements(settings.limits().runningStatements());
    Optional<FlightTokens> tokens =
        access.needsToken()
            ? Optional.of(token -> access.find(token).map(ServerToken::name))
            : Optional.empty();
    return FlightSqlEndpoint.start(
        settings
            .tls()
            .map(tls -> plain.with(new FlightSettings.Tls(tls.certificate(), tls.key())))
            .orElse(plain),
        new TracedEngine(
            backend.engine(), new StatementTraces(backend.telemetry(), backend.clock()), "duckdb"),
        () -> TableNames.of(backend.knownStreams()),
        tokens,
        audited(audit));
  }

  private static FlightListener audited(AuditSink audit) {
    return (caller, sql, outcome) ->
        audit.called(
            new Caller(caller.isEmpty() ? "local" : caller, Role.READ, "flight"),
            "Flight SQL",
            Optional.of(sql),
            outcome.equals("ok") ? 200 : 400,
            outcome);
  }
}
