package io.watershed.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.watershed.core.config.AwsAccess;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A folder behind as much of the S3 protocol as reading an archive takes, each request with a
 * latency of its own: GET with ranges, HEAD, ListObjectsV2 on one page, PUT with If-None-Match. No
 * authentication, on loopback only. Counts what it serves. Thread-safe; close it.
 */
final class SlowS3 implements AutoCloseable {
  private static final String BUCKET = "reservoirs";

  private final Path folder;
  private final Duration latency;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong dataBytes = new AtomicLong();

  private SlowS3(Path folder, Duration latency, HttpServer server) {
    this.folder = folder;
    this.latency = latency;
    this.server = server;
  }

  /**
   * Serves a folder as the objects of one bucket.
   *
   * @param latency added to each request
   */
  static SlowS3 start(Path folder, Duration latency) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    SlowS3 s3 =
        new SlowS3(folder, latency, HttpServer.create(new InetSocketAddress(loopback, 0), 0));
    s3.server.createContext("/", s3::answer);
    s3.server.setExecutor(s3.threads);
    s3.server.start();
    return s3;
  }

  AwsAccess access() {
    return AwsAccess.local(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  /** The location of a folder's objects. */
  static String location(String prefix) {
    return "s3://" + BUCKET + "/" + prefix;
  }

  /** Requests so far. */
  long requests() {
    return requests.get();
  }

  /** Bytes of Parquet files served so far. */
  long dataBytes() {
    return dataBytes.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    try (exchange) {
      Thread.sleep(latency.toMillis());
      String path = exchange.getRequestURI().getPath();
      String key = path.substring(Math.min(path.length(), BUCKET.length() + 2));
      switch (exchange.getRequestMethod()) {
        case "PUT" -> put(exchange, key);
        case "GET" -> {
          if (key.isEmpty()) {
            list(exchange);
          } else {
            get(exchange, key, true);
          }
        }
        case "HEAD" -> get(exchange, key, false);
        default -> error(exchange, 501, "NotImplemented");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void get(HttpExchange exchange, String key, boolean withContent) throws IOException {
    Path file = folder.resolve(key);
    if (!Files.isRegularFile(file)) {
      error(exchange, 404, "NoSuchKey");
      return;
    }
    long size = Files.size(file);
    String range = exchange.getRequestHeaders().getFirst("Range");
    long from = 0;
    long to = size;
    if (range != null) {
      String[] ends = range.substring("bytes=".length()).split("-", 2);
      from = Long.parseLong(ends[0]);
      to = ends[1].isEmpty() ? size : Math.min(size, Long.parseLong(ends[1]) + 1);
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + size);
    }
    exchange.getResponseHeaders().set("ETag", "\"" + size + "\"");
    exchange
        .getResponseHeaders()
        .set("Last-Modified", httpDate(Files.getLastModifiedTime(file).toInstant()));
    if (!withContent) {
      exchange.getResponseHeaders().set("Content-Length", Long.toString(size));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, to == from ? -1 : to - from);
    send(exchange, file, from, to);
    if (key.endsWith(".parquet")) {
      dataBytes.addAndGet(to - from);
    }
  }

  private static void send(HttpExchange exchange, Path file, long from, long to)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(from);
      long left = to - from;
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        exchange.getResponseBody().write(buffer, 0, read);
        left -= read;
      }
    }
  }

  private void put(HttpExchange exchange, String key) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
    byte[] content = encoding != null && encoding.contains("aws-chunked") ? unchunked(body) : body;
    Path file = folder.resolve(key);
    Files.createDirectories(file.getParent());
    boolean once = exchange.getRequestHeaders().containsKey("If-None-Match");
    try {
      Files.write(
          file,
          content,
          StandardOpenOption.WRITE,
          once ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING);
    } catch (FileAlreadyExistsException e) {
      error(exchange, 412, "PreconditionFailed");
      return;
    }
    exchange.getResponseHeaders().set("ETag", "\"" + content.length + "\"");
    exchange.sendResponseHeaders(200, -1);
  }

  /** What the SDK sent in chunks with a checksum behind them. */
  private static byte[] unchunked(byte[] body) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    ByteArrayInputStream in = new ByteArrayInputStream(body);
    int size = chunkSize(in);
    while (size > 0) {
      content.write(in.readNBytes(size));
      in.skipNBytes(2);
      size = chunkSize(in);
    }
    return content.toByteArray();
  }

  private static int chunkSize(ByteArrayInputStream in) {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return Integer.parseInt(line.toString().strip().split(";", 2)[0], 16);
  }

  private void list(HttpExchange exchange) throws IOException {
    Map<String, String> query = query(exchange);
    String prefix = query.getOrDefault("prefix", "");
    String after = query.getOrDefault("start-after", "");
    boolean folders = query.containsKey("delimiter");
    StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
    TreeSet<String> common = new TreeSet<>();
    for (String key : keys(prefix)) {
      int slash = key.indexOf('/', prefix.length());
      if (folders && slash >= 0) {
        common.add(key.substring(0, slash + 1));
      } else if (key.compareTo(after) > 0) {
        Path file = folder.resolve(key);
        xml.append("<Contents><Key>").append(key).append("</Key><LastModified>");
        xml.append(Files.getLastModifiedTime(file).toInstant()).append("</LastModified><Size>");
        xml.append(Files.size(file)).append("</Size></Contents>");
      }
    }
    common.forEach(
        each ->
            xml.append("<CommonPrefixes><Prefix>")
                .append(each)
                .append("</Prefix></CommonPrefixes>"));
    reply(exchange, 200, xml.append("</ListBucketResult>").toString());
  }

  private List<String> keys(String prefix) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .filter(key -> key.startsWith(prefix))
          .sorted()
          .toList();
    }
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> values = new HashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String part : raw == null ? new String[0] : raw.split("&", -1)) {
      String[] sides = part.split("=", 2);
      values.put(
          sides[0], sides.length == 1 ? "" : URLDecoder.decode(sides[1], StandardCharsets.UTF_8));
    }
    return values;
  }

  private static void error(HttpExchange exchange, int status, String code) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      reply(exchange, status, "<Error><Code>" + code + "</Code><Message>no</Message></Error>");
    }
  }

  private static void reply(HttpExchange exchange, int status, String xml) throws IOException {
    byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static String httpDate(Instant time) {
    return java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
        time.atOffset(java.time.ZoneOffset.UTC));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
