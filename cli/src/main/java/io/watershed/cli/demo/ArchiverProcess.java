package io.watershed.cli.demo;

import io.watershed.cli.Main;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code watershed archive} as a process of its own, so that it can be killed. */
final class ArchiverProcess implements AutoCloseable {
  private static final int STOP_SECONDS = 30;

  private final Process process;

  private ArchiverProcess(Process process) {
    this.process = process;
  }

  /** Starts one; its lines are added to the log. */
  static ArchiverProcess start(Path config, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      boolean tuning = option.startsWith("-XX:+Use") || option.startsWith("--");
      if (tuning || option.startsWith("-Dfile") || option.startsWith("-Dstd")) {
        command.add(option);
      }
    }
    command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "archive", "--config", config.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new ArchiverProcess(builder.start());
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL: it gets no chance to save anything. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /**
   * SIGTERM: it commits what it has read.
   *
   * @return its exit status
   */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      kill();
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
