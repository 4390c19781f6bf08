package io.watershed.drilldist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The archive that the build made, unpacked. */
record DrillHome(Path folder) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  static DrillHome unpack(Path into) throws Exception {
    Path archive = Path.of(System.getProperty("watershed.drill.archive"));
    assertThat(execute(Map.of(), "tar", "-xzf", archive.toString(), "-C", into.toString()).status())
        .isEqualTo(0);
    try (Stream<Path> files = Files.list(into)) {
      return new DrillHome(files.filter(Files::isDirectory).findFirst().orElseThrow());
    }
  }

  /** What a command said and how it ended. */
  record Run(int status, String output) {}

  Run drillbit(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(folder.resolve("bin/drillbit").toString()));
    command.addAll(List.of(arguments));
    return execute(environment, command.toArray(String[]::new));
  }

  /** A small drillbit's environment. */
  static Map<String, String> small() {
    return Map.of("DRILL_HEAP", "512m", "DRILL_MAX_DIRECT_MEMORY", "1g");
  }

  static ProcessBuilder builder(Map<String, String> environment, String... command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    return builder;
  }

  private static Run execute(Map<String, String> environment, String... command) throws Exception {
    Process process = builder(environment, command).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), output);
  }

  /** A port that is free now, with the next one free, too. */
  static int freePorts() throws IOException {
    for (int tries = 0; tries < 100; tries++) {
      try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          ServerSocket next =
              new ServerSocket(first.getLocalPort() + 1, 1, InetAddress.getLoopbackAddress())) {
        return Math.min(first.getLocalPort(), next.getLocalPort());
      } catch (IOException | IllegalArgumentException taken) {
        continue;
      }
    }
    throw new IOException("no two free ports side by side");
  }

  static HttpResponse<String> post(int port, String path, String json) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The answer of Drill's REST API, as it came. */
  static String ask(int port, String sql) throws Exception {
    return post(
            port,
            "/query.json",
            "{\"queryType\":\"SQL\",\"query\":\"" + sql.replace("\"", "\\\"") + "\"}")
        .body();
  }
}
