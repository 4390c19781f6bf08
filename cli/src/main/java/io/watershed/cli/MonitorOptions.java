package io.watershed.cli;

import io.watershed.archive.StreamStatus;
import io.watershed.core.config.ServerSettings.Limits;
import io.watershed.core.config.ServerToken;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.server.ListenAddress;
import io.watershed.server.http.AccessRule;
import io.watershed.server.http.AuditSink;
import io.watershed.server.http.ServerMetrics;
import io.watershed.server.http.WebServer;
import io.watershed.server.http.WebServer.Fallback;
import io.watershed.server.monitor.MonitorRoutes;
import io.watershed.server.monitor.Samples;
import io.watershed.server.trace.RequestTraces;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options of a command that answers for its metrics and health while it runs. */
final class MonitorOptions {
  private static final Logger LOG = LoggerFactory.getLogger(MonitorOptions.class);

  @Option(
      names = "--metrics",
      paramLabel = "[HOST:]PORT",
      description = {
        "Serve /metrics (Prometheus) and /health here. A bare port is on 127.0.0.1;",
        "elsewhere a token is demanded."
      })
  @Nullable String address;

  @Option(
      names = "--metrics-token",
      paramLabel = "FILE",
      description = "File with the token that readers must send (Authorization: Bearer ...).")
  @Nullable Path tokenFile;

  /** Starts to answer, if it was asked for; close it with the command. */
  Running start(
      CommandContext context, Supplier<List<StreamStatus>> status, Consumer<Samples> more) {
    if (address == null) {
      return () -> {};
    }
    InetSocketAddress where = ListenAddress.parse(address).resolve();
    WebServer server =
        WebServer.open(
            where,
            Optional.empty(),
            AccessRule.of(where, tokens(context)),
            Limits.DEFAULTS,
            AuditSink.NONE,
            new ServerMetrics(),
            RequestTraces.NONE,
            new MonitorRoutes(status, more).routes(),
            Fallback.NONE);
    LOG.info("Metrics and health: {}/metrics and /health", server.address());
    return server::close;
  }

  private List<ServerToken> tokens(CommandContext context) {
    if (tokenFile == null) {
      return List.of();
    }
    Path file = context.folder().resolve(tokenFile);
    try {
      return List.of(AccessRule.reader("metrics", Files.readString(file).strip()));
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "The token file " + file + " cannot be read: " + e.getClass().getSimpleName(),
          "Make one with: openssl rand -hex 32 > " + tokenFile,
          e);
    }
  }

  /** What answers until it is closed. */
  interface Running extends AutoCloseable {
    @Override
    void close();
  }
}
