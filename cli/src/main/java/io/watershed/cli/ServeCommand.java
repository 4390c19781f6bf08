package io.watershed.cli;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiveOutcome;
import io.watershed.archive.StreamOutcome;
import io.watershed.core.config.ServerSettings;
import io.watershed.core.config.StreamConfig;
import io.watershed.core.config.WatershedConfig;
import io.watershed.server.ListenAddress;
import io.watershed.server.WatershedServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Archives, and serves the API and the web UI. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Archives the configured streams as 'archive' does, and serves them over HTTP: a web UI, and a",
      "REST API to search, replay and watch. Until Ctrl-C; restart it any time, nothing is lost."
    },
    footer = {
      "",
      "Examples:",
      "  watershed serve                         on http://127.0.0.1:8090",
      "  watershed serve --no-archive            beside an archiver that runs elsewhere",
      "  watershed serve --flight 8091           to JDBC and ADBC clients, too",
      "  watershed serve --listen 0.0.0.0:8443   needs tokens in the file: watershed token"
    })
final class ServeCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(
      names = "--listen",
      paramLabel = "[HOST:]PORT",
      description = {
        "Where to listen; a bare port is on 127.0.0.1, 0 takes a free one. Default: server.listen",
        "of the configuration, or 127.0.0.1:8090."
      })
  @Nullable String listen;

  @Option(
      names = "--flight",
      paramLabel = "[HOST:]PORT",
      description = {
        "Where Arrow Flight SQL listens, for JDBC and ADBC clients. Default: server.flight of the",
        "configuration, or nowhere."
      })
  @Nullable String flight;

  @Option(
      names = "--traces",
      description = {
        "Send OpenTelemetry spans of requests and statements by OTLP over HTTP, to where",
        "OTEL_EXPORTER_OTLP_ENDPOINT says (default: http://localhost:4318). No SQL, no payloads."
      })
  boolean traces;

  @Option(
      names = "--archive",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Archive too (default), or with --no-archive only serve.")
  boolean archive;

  ServeCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    LogSetup.tellTheStory(context.options().verbose);
    WatershedConfig config = context.config();
    ServerSettings settings = config.server();
    InetSocketAddress address =
        ListenAddress.parse(listen == null ? settings.listen() : listen).resolve();
    List<StreamConfig> streams = archive ? config.select(List.of()) : List.of();
    try (Connections connections = new Connections(context, config)) {
      connections.shareReads();
      return streams.isEmpty()
          ? serve(connections, settings, address, Optional.empty())
          : serveAndArchive(connections, config, address, streams);
    }
  }

  private int serveAndArchive(
      Connections connections,
      WatershedConfig config,
      InetSocketAddress address,
      List<StreamConfig> streams)
      throws Exception {
    try (ArchiveRun archiving =
        new ArchiveRun(context, connections, config, streams, ArchiveMode.CONTINUOUS)) {
      return serve(connections, config.server(), address, Optional.of(archiving));
    }
  }

  private int serve(
      Connections connections,
      ServerSettings settings,
      InetSocketAddress address,
      Optional<ArchiveRun> archiving)
      throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    try (Traces spans = traces ? Traces.open() : Traces.none();
        ServedBackend backend =
            new ServedBackend(
                context, connections, settings.limits(), archiving, spans.telemetry());
        WatershedServer server =
            WatershedServer.open(backend, settings, address, flight(settings));
        AutoCloseable ending = context.shutdown().onStop(stopped::countDown)) {
      say(server, settings, address);
      return archiving.isPresent()
          ? archive(archiving.get(), server, stopped)
          : waitFor(server, stopped);
    }
  }

  private Optional<InetSocketAddress> flight(ServerSettings settings) {
    return Optional.ofNullable(flight)
        .or(settings::flight)
        .map(text -> ListenAddress.parse(text).resolve());
  }

  private void say(WatershedServer server, ServerSettings settings, InetSocketAddress address) {
    if (context.options().format() == OutputFormat.TABLE) {
      context.console().print("watershed serves " + server.address() + "  (Ctrl-C ends it)");
      server
          .flightAddress()
          .ifPresent(
              at ->
                  context
                      .console()
                      .print(
                          "Flight SQL at jdbc:arrow-flight-sql://%s:%d%s"
                              .formatted(
                                  at.getHost(),
                                  at.getPort(),
                                  settings.tls().isEmpty() ? "?useEncryption=false" : "")));
    } else {
      context
          .console()
          .print(
              Json.object()
                  .put("address", server.address().toString())
                  .put("flight_address", server.flightAddress().map(URI::toString).orElse(null))
                  .toString());
    }
    if (!address.getAddress().isLoopbackAddress()) {
      context
          .console()
          .say(
              "Others can reach it: they need a token ("
                  + settings.tokens().size()
                  + " in the configuration)"
                  + (settings.tls().isEmpty() ? ", which travels unencrypted without TLS." : "."));
    }
    context.console().out().flush();
  }

  private int waitFor(WatershedServer server, CountDownLatch stopped) throws InterruptedException {
    stopped.await();
    server.close();
    return 0;
  }

  /** A stream that failed does not end the server: its page says so, and the status at the end. */
  private int archive(ArchiveRun archiving, WatershedServer server, CountDownLatch stopped)
      throws InterruptedException {
    Thread stopping =
        new Thread(
            () -> {
              try {
                stopped.await();
                server.close();
                archiving.stop();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "serve-stop");
    stopping.setDaemon(true);
    stopping.start();
    ArchiveOutcome outcome = archiving.run();
    stopped.await();
    stopping.join();
    for (StreamOutcome stream : outcome.streams()) {
      ArchiveCommand.report(context, stream);
    }
    return outcome.exitCode();
  }
}
