package io.watershed.drill;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link ArchiverMain} running. One command at a time. */
final class ArchiverProcess implements AutoCloseable {
  /** Where the build puts the archiver's own version of Parquet. */
  private static final String NEWER_PARQUET =
      Path.of(System.getProperty("watershed.archiver.lib", "target/archiver-lib"))
          .toAbsolutePath()
          .resolve("*")
          .toString();

  private final Process process;
  private final PrintWriter commands;
  private final BufferedReader answers;

  private ArchiverProcess(Process process) {
    this.process = process;
    this.commands =
        new PrintWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8), true);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts one; what it logs goes into the file. */
  static ArchiverProcess start(Path config, Path log) throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Dlogback.configurationFile=logback-child.xml",
                    "-cp",
                    NEWER_PARQUET + File.pathSeparator + classes,
                    ArchiverMain.class.getName(),
                    config.toString()))
            .redirectError(log.toFile())
            .start();
    return new ArchiverProcess(process);
  }

  void tell(String command, String stream) {
    commands.println(command + " " + stream);
    try {
      String answer = answers.readLine();
      if (!"done".equals(answer)) {
        throw new IllegalStateException(command + " " + stream + ": " + answer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws Exception {
    commands.close(); // it ends with its input
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
