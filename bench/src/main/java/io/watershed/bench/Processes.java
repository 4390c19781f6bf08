package io.watershed.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
    List<String> filled = new ArrayList<>(List.of(Integer.toString(shards)));
    filled.addAll(streams);
    Process kinesis = start(StreamProcess.class, List.of("-Xmx3g"), filled);
    try {
      List<String> arguments = new ArrayList<>();
      arguments.add(result(kinesis));
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
    } finally {
      kinesis.destroy();
      int unused = kinesis.waitFor();
    }
  }

  /** As the launcher starts an archiver. */
  private static List<String> archiverOptions(Path folder) throws IOException {
    List<String> options = new ArrayList<>(List.of("-Xmx512m", "-XX:MaxDirectMemorySize=96m"));
    Path quiet = folder.resolve("logback.xml");
    Files.writeString(quiet, "<configuration><root level=\"WARN\"/></configuration>");
    options.add("-Dlogback.configurationFile=" + quiet);
    String more = System.getProperty(EXTRA_OPTIONS, "");
    options.addAll(more.isEmpty() ? List.of() : List.of(more.split(" ")));
    return options;
  }

  private static Process start(Class<?> main, List<String> options, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String result(Process process) throws IOException {
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
