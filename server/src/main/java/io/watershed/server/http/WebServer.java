package io.watershed.server.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.watershed.core.config.ServerSettings.Limits;
import io.watershed.core.config.ServerSettings.Tls;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.server.trace.RequestTraces;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens, and answers by a list of routes. Thread-safe. */
public final class WebServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final int HEADER_BYTES = 16 << 10;
  private static final int BACKLOG = 128;

  private final Javalin javalin;
  private final Endpoint endpoint;
  private final Sessions sessions;
  private final URI address;

  private WebServer(Javalin javalin, Endpoint endpoint, Sessions sessions, URI address) {
    this.javalin = javalin;
    this.endpoint = endpoint;
    this.sessions = sessions;
    this.address = address;
  }

  /** Answers what no route does: files. */
  @FunctionalInterface
  public interface Fallback {
    /** Nothing is there. */
    Fallback NONE = (path, call) -> false;

    /**
     * Answers a GET of a path.
     *
     * @return whether there is something
     */
    boolean answer(String path, Call call) throws Exception;
  }

  /**
   * Starts to listen.
   *
   * @param metrics counts what is answered
   * @param traces follows what is answered
   * @param routes literal paths before those with parameters that match them too
   * @throws WatershedException {@code usage} if the address cannot be listened on, {@code config}
   *     for certificates
   */
  public static WebServer open(
      InetSocketAddress address,
      Optional<Tls> tls,
      AccessRule access,
      Limits limits,
      AuditSink audit,
      ServerMetrics metrics,
      RequestTraces traces,
      List<Route> routes,
      Fallback fallback) {
    Sessions sessions = new Sessions(limits.sessions());
    Endpoint endpoint = new Endpoint(access, limits, sessions, audit, metrics, traces);
    QueuedThreadPool threads = new QueuedThreadPool(limits.threads(), 8);
    threads.setName("http");
    threads.setDaemon(true);
    Javalin javalin =
        Javalin.create(
            config -> {
              settle(config);
              config.jetty.threadPool = threads;
              config.jetty.modifyHttpConfiguration(WebServer::settle);
              config.jetty.modifyServer(server -> server.setErrorHandler(Problems::answer));
              config.jetty.addConnector((server, http) -> connector(server, http, address, tls));
              config.routes.before(ctx -> begin(ctx, access));
              for (Route route : routes) {
                config.routes.addHttpHandler(
                    HandlerType.findOrCreate(route.method()),
                    route.path(),
                    ctx -> endpoint.handle(route, ctx));
              }
              config.routes.error(
                  404, ctx -> nowhere(ctx, routes, new Elsewhere(fallback, sessions)));
              config.routes.exception(Problem.class, (e, ctx) -> Problems.answer(ctx, e));
              config.routes.exception(Exception.class, (e, ctx) -> unforeseen(ctx, e));
            });
    try {
      javalin.start();
    } catch (RuntimeException e) {
      javalin.stop();
      throw notListening(address, e);
    }
    return new WebServer(
        javalin, endpoint, sessions, address(address, javalin.port(), tls.isPresent()));
  }

  private static void settle(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.generateEtags = false;
    config.router.caseInsensitiveRoutes = false;
    config.router.ignoreTrailingSlashes = false;
    config.router.treatMultipleSlashesAsSingleSlash = false;
  }

  private static void settle(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(HEADER_BYTES);
  }

  private static Connector connector(
      Server server, HttpConfiguration http, InetSocketAddress address, Optional<Tls> tls) {
    ServerConnector connector;
    if (tls.isPresent()) {
      HttpConfiguration secure = new HttpConfiguration(http);
      secure.addCustomizer(new SecureRequestCustomizer(false));
      HttpConnectionFactory plain = new HttpConnectionFactory(secure);
      connector =
          new ServerConnector(
              server,
              new SslConnectionFactory(PemKeys.load(tls.get()), plain.getProtocol()),
              plain);
    } else {
      connector = new ServerConnector(server, new HttpConnectionFactory(http));
    }
    connector.setHost(address.getAddress().getHostAddress());
    connector.setPort(address.getPort());
    connector.setIdleTimeout(IDLE.toMillis());
    connector.setAcceptQueueSize(BACKLOG);
    connector.setReuseAddress(true);
    return connector;
  }

  private static void begin(Context ctx, AccessRule access) {
    SecurityHeaders.ALL.forEach(ctx::header);
    access.requireHost(ctx);
  }

  private record Elsewhere(Fallback fallback, Sessions sessions) {}

  /** No route took it: a file, another method, or nothing. */
  private static void nowhere(Context ctx, List<Route> routes, Elsewhere elsewhere)
      throws Exception {
    boolean answered = ctx.result() != null && !ctx.result().isEmpty() && isProblem(ctx);
    if (answered || ctx.res().isCommitted()) {
      return; // a route's own 404
    }
    String path = ctx.path();
    String methods =
        routes.stream()
            .filter(route -> pattern(route).matcher(path).matches())
            .map(Route::method)
            .distinct()
            .collect(Collectors.joining(", "));
    if (!methods.isEmpty()) {
      Problems.answer(
          ctx,
          Problem.of(405, "invalid-input", "Here are only: " + methods, "").with("Allow", methods));
      return;
    }
    boolean reads = ctx.method().equals(HandlerType.GET) || ctx.method().equals(HandlerType.HEAD);
    Caller nobody = new Caller("anybody", Role.NONE, ctx.ip());
    Call call = new Call(ctx, nobody, elsewhere.sessions(), java.util.Map.of(), Call.NO_BODY);
    if (!reads || !elsewhere.fallback().answer(path, call)) {
      Problems.answer(
          ctx,
          Problem.notFound(
              "There is nothing at this address",
              "The API is at /api/v1, described at /api/docs."));
    }
  }

  private static boolean isProblem(Context ctx) {
    String type = ctx.res().getContentType();
    return type != null && type.startsWith(Problem.CONTENT_TYPE);
  }

  private static Pattern pattern(Route route) {
    StringBuilder regex = new StringBuilder();
    for (String part : route.path().split("/", -1)) {
      regex.append(regex.length() == 0 && part.isEmpty() ? "" : "/");
      regex.append(part.startsWith("{") ? "[^/]+" : Pattern.quote(part));
    }
    return Pattern.compile(regex.toString());
  }

  private static void unforeseen(Context ctx, Exception thrown) {
    LOG.error("{} {} failed", ctx.method(), ctx.path(), thrown);
    Problems.answer(ctx, Problem.internal());
  }

  private static URI address(InetSocketAddress asked, int port, boolean secure) {
    String host = asked.getAddress().getHostAddress();
    return URI.create(
        (secure ? "https://" : "http://")
            + (host.contains(":") ? "[" + host + "]" : host)
            + ":"
            + port);
  }

  private static WatershedException notListening(InetSocketAddress address, RuntimeException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
      if (cause instanceof WatershedException known) {
        return known;
      }
    }
    return new WatershedException(
        ErrorCode.USAGE,
        "Cannot listen on "
            + address.getHostString()
            + ":"
            + address.getPort()
            + ": "
            + cause.getMessage(),
        "Another process may have the port; choose another one.",
        e);
  }

  /** Where it listens. */
  public URI address() {
    return address;
  }

  /** Begins to stop: tells who listens to events, and answers 503 to everything that comes. */
  public void stopping() {
    endpoint.stop();
    sessions.stop();
  }

  /** Ends. */
  @Override
  public void close() {
    stopping();
    javalin.stop();
  }
}
