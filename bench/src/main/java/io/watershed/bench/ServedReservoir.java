package io.watershed.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code watershed serve}, started by its launcher as a user starts it; close it. */
final class ServedReservoir implements AutoCloseable {
  /** The launcher sets it. */
  private static final String LAUNCHER = "watershed.launcher";

  private static final int END_SECONDS = 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final URI address;

  private ServedReservoir(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** The token of a client by its number: there are as many people as clients. */
  static String token(int client) {
    return "token-of-client-number-" + client;
  }

  /**
   * Starts it.
   *
   * @param folder an empty folder: configuration, reservoir and caches go there
   * @param clients how many have a token
   */
  static ServedReservoir start(Path folder, URI kinesis, int clients) throws IOException {
    String launcher = System.getProperty(LAUNCHER);
    if (launcher == null) {
      throw new IllegalStateException(
          "this benchmark starts the launcher: run it as 'watershed dev bench server'");
    }
    Files.writeString(folder.resolve("watershed.yaml"), configuration(kinesis, clients));
    ProcessBuilder builder =
        new ProcessBuilder("bash", launcher, "serve", "--listen", "0", "-o", "json")
            .directory(folder.toFile());
    builder.environment().put("WATERSHED_CACHE", folder.resolve("cache").toString());
    builder.environment().keySet().removeAll(List.of("WATERSHED_CONFIG", "WATERSHED_JAVA_OPTS"));
    String more = System.getProperty("watershed.bench.server", "");
    if (!more.isEmpty()) {
      builder.environment().put("WATERSHED_JAVA_OPTS", more);
    }
    builder.redirectError(Redirect.to(folder.resolve("serve.log").toFile()));
    Process process = builder.start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null) {
      throw new IllegalStateException(
          "'watershed serve' did not start: " + Files.readString(folder.resolve("serve.log")));
    }
    JsonNode started = JSON.readTree(line);
    return new ServedReservoir(process, URI.create(started.path("address").asText()));
  }

  private static String configuration(URI kinesis, int clients) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "reservoir: ./reservoir",
                "aws:",
                "  region: us-east-1",
                "  endpoint_url: " + kinesis,
                "  local_credentials: true",
                "streams:",
                "  " + LoadProcess.STREAM + ": {}",
                "server:",
                "  tokens:"));
    for (int i = 0; i < clients; i++) {
      lines.add("    - {name: client-" + i + ", role: read, hash: " + sha256(token(i)) + "}");
    }
    return String.join("\n", lines) + "\n";
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  URI address() {
    return address;
  }

  ProcessFamily family() {
    return new ProcessFamily(process.toHandle());
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
