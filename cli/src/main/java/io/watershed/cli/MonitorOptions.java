package io.watershed.cli;

import io.watershed.archive.StreamStatus;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.server.AccessRule;
import io.watershed.server.HttpEndpoint;
import io.watershed.server.ListenAddress;
import io.watershed.server.monitor.ArchiveMetrics;
import io.watershed.server.monitor.Health;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  Running start(CommandContext context, Supplier<List<StreamStatus>> status) {
    if (address == null) {
      return () -> {};
    }
    InetSocketAddress where = ListenAddress.parse(address).resolve();
    HttpEndpoint endpoint =
        HttpEndpoint.open(
            where,
            AccessRule.of(where, token(context)),
            Map.of(
                "/metrics", () -> ArchiveMetrics.page(status.get()),
                "/health", () -> Health.page(status.get())));
    LOG.info("Metrics and health: {}/metrics and /health", endpoint.address());
    return endpoint::close;
  }

  private Optional<String> token(CommandContext context) {
    if (tokenFile == null) {
      return Optional.empty();
    }
    Path file = context.folder().resolve(tokenFile);
    try {
      return Optional.of(Files.readString(file).strip());
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
