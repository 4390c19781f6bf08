package io.watershed.reservoir.store;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Just enough of S3 over HTTP, with a script of what goes wrong with the next PUTs: for faults that
 * no emulator can be told to make.
 */
final class ScriptedS3 implements AutoCloseable {
  /** What happens to one PUT. */
  enum Put {
    /** Stored, then the connection is cut before the answer. */
    STORE_THEN_CUT,
    /** The connection is cut, nothing is stored. */
    CUT,
    /** Stored, answered with 500. */
    STORE_THEN_500,
    /** 409 ConditionalRequestConflict. */
    CONFLICT,
    /** 503 SlowDown, nothing stored. */
    SLOW_DOWN,
    /** 403 AccessDenied. */
    DENIED,
    /** 501 NotImplemented. */
    NOT_IMPLEMENTED,
    /** Somebody else's object appears, then as usual. */
    OTHER_FIRST
  }

  final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  final AtomicInteger puts = new AtomicInteger();

  /** The headers of each PUT, in the order of arrival. */
  final Queue<Headers> putHeaders = new ConcurrentLinkedQueue<>();

  private final Queue<Put> script = new ConcurrentLinkedQueue<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  ScriptedS3() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void next(Put... faults) {
    script.clear();
    puts.set(0);
    putHeaders.clear();
    script.addAll(java.util.List.of(faults));
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String key = exchange.getRequestURI().getPath();
      switch (exchange.getRequestMethod()) {
        case "PUT" -> put(exchange, key);
        case "DELETE" -> {
          objects.remove(key);
          answer(exchange, 204, "");
        }
        default -> get(exchange, key);
      }
    }
  }

  private void put(HttpExchange exchange, String key) throws IOException {
    byte[] body = body(exchange);
    puts.incrementAndGet();
    putHeaders.add(exchange.getRequestHeaders());
    Put fault = script.poll();
    if (fault != null) {
      switch (fault) {
        case STORE_THEN_CUT -> {
          objects.putIfAbsent(key, body);
          return; // closed without an answer
        }
        case CUT -> {
          return;
        }
        case STORE_THEN_500 -> {
          objects.putIfAbsent(key, body);
          error(exchange, 500, "InternalError");
          return;
        }
        case CONFLICT -> {
          error(exchange, 409, "ConditionalRequestConflict");
          return;
        }
        case SLOW_DOWN -> {
          error(exchange, 503, "SlowDown");
          return;
        }
        case DENIED -> {
          error(exchange, 403, "AccessDenied");
          return;
        }
        case NOT_IMPLEMENTED -> {
          error(exchange, 501, "NotImplemented");
          return;
        }
        case OTHER_FIRST -> objects.putIfAbsent(key, "other".getBytes(StandardCharsets.UTF_8));
      }
    }
    boolean conditional = exchange.getRequestHeaders().getFirst("If-None-Match") != null;
    if (conditional && objects.putIfAbsent(key, body) != null) {
      error(exchange, 412, "PreconditionFailed");
      return;
    }
    objects.put(key, body);
    exchange.getResponseHeaders().set("ETag", "\"e\"");
    answer(exchange, 200, "");
  }

  /** The SDK may wrap the body into signed chunks: {@code <hex size>;…\r\n<bytes>\r\n}. */
  private static byte[] body(HttpExchange exchange) throws IOException {
    byte[] raw = exchange.getRequestBody().readAllBytes();
    String hash = String.valueOf(exchange.getRequestHeaders().getFirst("x-amz-content-sha256"));
    if (!hash.startsWith("STREAMING-")) {
      return raw;
    }
    java.io.ByteArrayOutputStream plain = new java.io.ByteArrayOutputStream();
    int at = 0;
    while (at < raw.length) {
      int end = at;
      while (raw[end] != '\r') {
        end++;
      }
      String head = new String(raw, at, end - at, StandardCharsets.US_ASCII);
      int size = Integer.parseInt(head.split(";")[0], 16);
      if (size == 0) {
        break;
      }
      plain.write(raw, end + 2, size);
      at = end + 2 + size + 2;
    }
    return plain.toByteArray();
  }

  private void get(HttpExchange exchange, String key) throws IOException {
    byte[] content = objects.get(key);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (content == null) {
      if (head) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        error(exchange, 404, "NoSuchKey");
      }
      return;
    }
    exchange.getResponseHeaders().set("Last-Modified", "Mon, 23 Nov 2026 12:00:00 GMT");
    exchange.getResponseHeaders().set("ETag", "\"e\"");
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
      exchange.sendResponseHeaders(200, -1);
    } else {
      exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
      exchange.getResponseBody().write(content);
    }
  }

  private static void error(HttpExchange exchange, int status, String code) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    answer(exchange, status, "<Error><Code>" + code + "</Code><Message>scripted</Message></Error>");
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
