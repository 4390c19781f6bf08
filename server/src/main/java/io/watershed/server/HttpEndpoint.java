package io.watershed.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small HTTP server of read-only pages. A request never delays what it asks about: it has few
 * threads and a short queue, and more is refused. Thread-safe.
 */
public final class HttpEndpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);
  private static final int THREADS = 2;
  private static final int QUEUE = 32;

  private final HttpServer server;
  private final ExecutorService threads;
  private final Map<String, Supplier<Page>> pages;
  private final AccessRule access;

  private HttpEndpoint(
      HttpServer server,
      ExecutorService threads,
      Map<String, Supplier<Page>> pages,
      AccessRule access) {
    this.server = server;
    this.threads = threads;
    this.pages = pages;
    this.access = access;
  }

  /**
   * Starts to listen.
   *
   * @param pages path to page, made anew for each request
   * @throws WatershedException {@code usage} if the address cannot be listened on
   */
  public static HttpEndpoint open(
      InetSocketAddress address, AccessRule access, Map<String, Supplier<Page>> pages) {
    try {
      HttpServer server = HttpServer.create(address, QUEUE);
      ExecutorService threads =
          new ThreadPoolExecutor(
              THREADS,
              THREADS,
              1,
              TimeUnit.MINUTES,
              new ArrayBlockingQueue<>(QUEUE),
              HttpEndpoint::daemon);
      HttpEndpoint endpoint = new HttpEndpoint(server, threads, new TreeMap<>(pages), access);
      server.setExecutor(threads);
      server.createContext("/", endpoint::answer);
      server.start();
      return endpoint;
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "Cannot listen on "
              + address.getHostString()
              + ":"
              + address.getPort()
              + ": "
              + e.getMessage(),
          "Another process may have the port; choose another one.",
          e);
    }
  }

  /** Where it listens. */
  public URI address() {
    InetSocketAddress bound = server.getAddress();
    String host = bound.getHostString();
    return URI.create(
        "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort());
  }

  private void answer(HttpExchange exchange) {
    try (exchange) {
      send(exchange, pageFor(exchange));
    } catch (IOException e) {
      LOG.debug("a reader went away: {}", e.getMessage());
    }
  }

  private Page pageFor(HttpExchange exchange) {
    if (!access.allows(exchange)) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
      return Page.text(401, "A token is needed: Authorization: Bearer ...\n");
    }
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return Page.text(405, "Only GET and HEAD\n");
    }
    Supplier<Page> page = pages.get(exchange.getRequestURI().getPath());
    if (page == null) {
      return Page.text(404, "Here are: " + String.join(" ", pages.keySet()) + "\n");
    }
    try {
      return page.get();
    } catch (RuntimeException e) {
      LOG.warn("{} failed: {}", exchange.getRequestURI().getPath(), e.toString());
      return Page.text(500, "This page failed; the log says more.\n");
    }
  }

  private static void send(HttpExchange exchange, Page page) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", page.contentType());
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(page.status(), head ? -1 : page.body().length);
    if (!head) {
      exchange.getResponseBody().write(page.body());
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "http");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * An answer.
   *
   * @param status of HTTP
   * @param contentType with its charset
   * @param body never empty
   */
  @SuppressWarnings("ArrayRecordComponent") // written once, handed on once
  public record Page(int status, String contentType, byte[] body) {
    /** Plain text. */
    public static Page text(int status, String text) {
      return new Page(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** JSON. */
    public static Page json(int status, String text) {
      return new Page(status, "application/json", text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
