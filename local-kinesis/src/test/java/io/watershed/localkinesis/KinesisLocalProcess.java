package io.watershed.localkinesis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * kinesis-local, the emulator of another team, from npm at the version of {@code src/test/npm}. It
 * is installed under {@code target/}; where that is not possible the tests that need it are
 * skipped, or fail if {@code -Dwatershed.requireNpm=true} or {@code WATERSHED_REQUIRE_NPM=true}.
 */
final class KinesisLocalProcess implements AutoCloseable {
  static final String VERSION = "0.6.2";

  private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Path SOURCE = Path.of("src", "test", "npm");
  private static final Path HOME = Path.of("target", "kinesis-local").toAbsolutePath();
  private static final Path PACKAGE = HOME.resolve("node_modules/kinesis-local");

  private final Process process;
  private final int port;

  private KinesisLocalProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static KinesisLocalProcess start() throws IOException, InterruptedException {
    install();
    int tlsPort = freePort();
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder("node", "main.js")
            .directory(PACKAGE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(HOME.resolve("output.log").toFile());
    Map<String, String> environment = builder.environment();
    environment.put("KINESIS_MOCK_CERT_PATH", PACKAGE.resolve("server.json").toString());
    environment.put("KINESIS_MOCK_TLS_PORT", Integer.toString(tlsPort));
    environment.put("KINESIS_MOCK_PLAIN_PORT", Integer.toString(port));
    environment.put("AWS_REGION", "us-east-1");
    environment.put("SHARD_LIMIT", "200");
    for (String change :
        List.of(
            "CREATE_STREAM",
            "DELETE_STREAM",
            "SPLIT_SHARD",
            "MERGE_SHARDS",
            "UPDATE_SHARD_COUNT")) {
      environment.put(change + "_DURATION", "20ms");
    }
    KinesisLocalProcess running = new KinesisLocalProcess(builder.start(), port);
    running.awaitListening();
    return running;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static void install() throws IOException, InterruptedException {
    if (installedVersion().contains("\"version\" : \"" + VERSION + "\"")) {
      return;
    }
    Files.createDirectories(HOME);
    for (String file : List.of("package.json", "package-lock.json")) {
      Files.copy(SOURCE.resolve(file), HOME.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    Path log = HOME.resolve("npm.log");
    boolean installed;
    try {
      Process npm =
          new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
              .directory(HOME.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      installed =
          npm.waitFor(INSTALL_TIMEOUT.toSeconds(), TimeUnit.SECONDS) && npm.exitValue() == 0;
      npm.destroyForcibly();
    } catch (IOException e) {
      installed = false;
    }
    if (!installed) {
      unavailable("kinesis-local " + VERSION + " could not be installed with npm; see " + log);
    }
  }

  private static String installedVersion() throws IOException {
    Path manifest = PACKAGE.resolve("package.json");
    return Files.exists(manifest) ? Files.readString(manifest) : "";
  }

  private static void unavailable(String why) {
    if (Boolean.getBoolean("watershed.requireNpm")
        || Boolean.parseBoolean(System.getenv("WATERSHED_REQUIRE_NPM"))) {
      throw new IllegalStateException(why);
    }
    Assumptions.abort("SKIPPED: " + why + " (-Dwatershed.requireNpm=true makes this an error)");
  }

  private void awaitListening() throws InterruptedException {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!listens()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "kinesis-local does not listen; see " + HOME.resolve("output.log"));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
