package io.watershed.query.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A folder with files that no statement may see, a server that none may call, and a look at both
 * afterwards.
 */
public final class Traces implements AutoCloseable {
  /** What the folder's files hold. */
  public static final String SECRET = "sesame";

  private static final Path EXTENSIONS = Path.of(System.getProperty("user.home"), ".duckdb");

  private final Path dir;
  private final ServerSocket server;
  private final AtomicInteger calls = new AtomicInteger();
  private final TreeMap<String, String> before;
  private final boolean hadExtensions = Files.exists(EXTENSIONS);

  /** Lays out the folder and starts the server. */
  public Traces(Path dir) throws Exception {
    this.dir = Files.createDirectories(dir);
    Files.writeString(dir.resolve("secret.csv"), "word\n" + SECRET + "\n");
    Files.writeString(dir.resolve("secret.json"), "{\"word\":\"" + SECRET + "\"}\n");
    Files.writeString(dir.resolve("schema.sql"), "CREATE TABLE t (a INT);");
    Files.writeString(dir.resolve("load.sql"), "");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT '"
              + SECRET
              + "' AS word, 1 AS id) TO '"
              + parquet()
              + "' (FORMAT parquet)");
    }
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread listener = new Thread(this::listen, "test-server");
    listener.setDaemon(true);
    listener.start();
    before = content();
  }

  private void listen() {
    while (true) {
      try {
        server.accept().close();
        calls.incrementAndGet();
      } catch (IOException e) {
        return;
      }
    }
  }

  public Path dir() {
    return dir;
  }

  /** A Parquet file that is not the statement's. */
  public Path parquet() {
    return dir.resolve("secret.parquet");
  }

  /** The server's address. */
  public String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** No file was made, changed or deleted, and nobody called. */
  public void assertNone(String after) throws IOException {
    assertThat(content()).as(after).isEqualTo(before);
    assertThat(calls).as(after).hasValue(0);
    assertThat(Files.exists(EXTENSIONS)).as(after).isEqualTo(hadExtensions);
  }

  private TreeMap<String, String> content() throws IOException {
    TreeMap<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(
            dir.relativize(file).toString(),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return content;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
