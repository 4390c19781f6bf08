package io.watershed.cli;

import io.opentelemetry.api.OpenTelemetry;
import io.watershed.core.config.ServerSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.server.ListenAddress;
import io.watershed.server.WatershedServer;
import java.net.URI;
import java.util.Optional;

/**
 * The web UI and the API beside what a command does itself, on loopback: where the configuration
 * says, or on any free port if that one is taken. Close it before the connections. Thread-safe.
 */
public final class SideServer implements AutoCloseable {
  private final ServedBackend backend;
  private final WatershedServer server;

  /** Starts to listen. */
  public SideServer(CommandContext context, Connections connections) {
    ServerSettings settings = connections.config().server();
    backend =
        new ServedBackend(
            context, connections, settings.limits(), Optional.empty(), OpenTelemetry.noop());
    try {
      server = open(settings);
    } catch (RuntimeException e) {
      backend.close();
      throw e;
    }
  }

  private WatershedServer open(ServerSettings settings) {
    try {
      return open(settings, settings.listen());
    } catch (WatershedException e) {
      if (e.code() != ErrorCode.USAGE) {
        throw e;
      }
      return open(settings, "0");
    }
  }

  private WatershedServer open(ServerSettings settings, String listen) {
    return WatershedServer.open(
        backend, settings, ListenAddress.parse(listen).resolve(), Optional.empty());
  }

  /** Where it listens. */
  public URI address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
    backend.close();
  }
}
