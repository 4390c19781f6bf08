package io.watershed.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a stream's endpoint and an archiver, each in a process of its own. */
final class Processes {
  /** How a process marks the line that it was started for. */
  static final String RESULT = "result: ";

  /** JVM options for the archiver's process, such as a flight recording. */
  private static final String EXTRA_OPTIONS = "watershed.bench.archiver";

  private Processes() {}

  /**
   * Archives streams of events.
   *
   * @param streams each as name=records
   * @param warmUpRounds how often all of it is archived before the time counts
   */
  static Archived archive(Path folder, int shards, List<String> streams, int warmUpRounds)
      throws Exception {
    try (StreamEndpoint kinesis = StreamEndpoint.start(shards, streams)) {
      List<String> arguments = new ArrayList<>();
      arguments.add(kinesis.uri().toString());
      arguments.add(folder.resolve("reservoir").toString());
      arguments.add(Integer.toString(warmUpRounds));
      streams.forEach(stream -> arguments.add(stream.substring(0, stream.indexOf('='))));
      Process archiver = start(ArchiverProcess.class, archiverOptions(folder), arguments);
      try {
        return Archived.parse(result(archiver));
      } finally {
        archiver.destroy();
        int unused = archiver.waitFor();
      }
    }
  }

  /** As the launcher starts an archiver. */
  private static List<String> archiverOptions(Path folder) throws IOException {
    List<String> options = new ArrayList<>(List.of("-Xmx512m", "-XX:MaxDirectMemorySize=96m"));
    options.add(quiet(folder));
    String more = System.getProperty(EXTRA_OPTIONS, "");
    options.addAll(more.isEmpty() ? List.of() : List.of(more.split(" ")));
    return options;
  }

  /** The JVM option for a process that logs warnings only. */
  static String quiet(Path folder) throws IOException {
    Path quiet = folder.resolve("logback.xml");
    Files.writeString(quiet, "<configuration><root level=\"WARN\"/></configuration>");
    return "-Dlogback.configurationFile=" + quiet;
  }

  /** The largest resident size of this process so far: VmHWM of proc(5); 0 where there is none. */
  static long peakBytes() throws IOException {
    return status("VmHWM:");
  }

  /** The resident size of this process: VmRSS of proc(5); 0 where there is none. */
  static long residentBytes() {
    try {
      return status("VmRSS:");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long status(String name) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .findFirst()
        .orElse(0);
  }

  /** Starts the class's main method on this process's class path. */
  static Process start(Class<?> main, List<String> options, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** The line that the process was started for. */
  static String result(Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith(RESULT)) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException("a process of the benchmark ended without a result");
    }
    return line.substring(RESULT.length());
  }
}
