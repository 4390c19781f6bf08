package io.watershed.flight;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.QueryEngine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * An Arrow Flight SQL server over the unified view, as specified at <a
 * href="https://arrow.apache.org/docs/format/FlightSql.html">arrow.apache.org</a>: statements,
 * prepared statements without parameters, and what tables and columns there are. Nothing can be
 * changed through it. Thread-safe.
 */
public final class FlightSqlEndpoint implements AutoCloseable {
  private static final long STOP_SECONDS = 5;

  private final BufferAllocator memory;
  private final StatementFlights statements;
  private final FlightServer server;

  private FlightSqlEndpoint(
      BufferAllocator memory, StatementFlights statements, FlightServer server) {
    this.memory = memory;
    this.statements = statements;
    this.server = server;
  }

  /**
   * Starts to listen.
   *
   * @param engine answers the statements; stays the caller's
   * @param tables the names of all tables, as SQL names them
   * @param tokens who may ask; empty for everybody on this machine
   * @param listener is told what was asked
   * @throws WatershedException {@code usage} if others could reach it without a token, or if the
   *     address cannot be listened on; {@code config} if the certificate cannot be read
   */
  public static FlightSqlEndpoint start(
      FlightSettings settings,
      QueryEngine engine,
      Supplier<List<String>> tables,
      Optional<FlightTokens> tokens,
      FlightListener listener) {
    InetSocketAddress address = settings.address();
    if (tokens.isEmpty() && !address.getAddress().isLoopbackAddress()) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "Flight SQL on " + address.getHostString() + " needs tokens: others can reach it",
          "Configure tokens, or listen on 127.0.0.1.");
    }
    BufferAllocator memory = new RootAllocator(settings.memoryBytes());
    StatementFlights statements = new StatementFlights(engine, memory, settings, listener);
    ViewProducer producer = new ViewProducer(memory, statements, new Catalog(engine, tables));
    Location location =
        settings.tls().isPresent()
            ? Location.forGrpcTls(address.getHostString(), address.getPort())
            : Location.forGrpcInsecure(address.getHostString(), address.getPort());
    FlightServer.Builder builder = FlightServer.builder(memory, location, producer);
    tokens.ifPresent(known -> builder.headerAuthenticator(new FlightAccess(known)));
    settings.tls().ifPresent(tls -> encrypt(builder, tls));
    try {
      return new FlightSqlEndpoint(memory, statements, builder.build().start());
    } catch (IOException e) {
      statements.close();
      memory.close();
      throw new WatershedException(
          ErrorCode.USAGE,
          "Cannot listen on "
              + address.getHostString()
              + ":"
              + address.getPort()
              + " for Flight SQL: "
              + e.getMessage(),
          "Another process may have the port; choose another one.",
          e);
    }
  }

  private static void encrypt(FlightServer.Builder builder, FlightSettings.Tls tls) {
    try {
      builder.useTls(tls.certificate().toFile(), tls.key().toFile());
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "The certificate or its key cannot be read: " + e.getMessage(),
          "Name PEM files that this user may read: the certificate chain, and a PKCS #8 key.",
          e);
    }
  }

  /** What JDBC's Flight SQL driver connects to. */
  public URI address() {
    Location location = server.getLocation();
    return URI.create(
        location.getUri().getScheme()
            + "://"
            + location.getUri().getHost()
            + ":"
            + server.getPort());
  }

  /** How many statements run. */
  public int running() {
    return statements.running();
  }

  /** Stops listening and ends the statements that run. */
  @Override
  public void close() {
    statements.close();
    server.shutdown();
    try {
      if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        server.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    memory.close();
  }
}
