package io.watershed.cli.drill;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process of the archive: a drillbit or ZooKeeper. It ends with this process, whatever ends this
 * one, because it watches the pipe that is its standard input.
 */
final class DrillProcess implements AutoCloseable {
  /** Drill's own deadline is 30 s. */
  private static final Duration STOP = Duration.ofSeconds(40);

  private static final int LINES_OF_LOG = 6;

  private final String name;
  private final Process process;
  private final Path ready;
  private final Path output;
  private final Path log;

  private DrillProcess(String name, Process process, Path ready, Path output, Path log) {
    this.name = name;
    this.process = process;
    this.ready = ready;
    this.output = output;
    this.log = log;
  }

  /**
   * Starts one of the archive's scripts.
   *
   * @param name for messages, and of its folder
   * @param command the script and its arguments
   * @param environment more variables
   * @param folder for what the process writes
   */
  static DrillProcess start(
      String name, List<String> command, Map<String, String> environment, Path folder)
      throws IOException {
    Files.createDirectories(folder);
    Path ready = folder.resolve("ready");
    Path output = folder.resolve("output.txt");
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of("--data", folder.toString()));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    builder.environment().put("WATERSHED_DRILL_READY", ready.toString());
    builder.environment().put("WATERSHED_DRILL_PARENT", "true");
    builder.redirectErrorStream(true);
    builder.redirectOutput(output.toFile());
    Path log = folder.resolve("log");
    return new DrillProcess(name, builder.start(), ready, output, log);
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  Path log() {
    return log;
  }

  /**
   * What the process says of itself when it is up; empty until then.
   *
   * @throws WatershedException {@code refused} if it has ended
   */
  Optional<Map<String, String>> facts() throws IOException {
    if (Files.exists(ready)) {
      Map<String, String> facts = new HashMap<>();
      for (String line : Files.readAllLines(ready)) {
        int equals = line.indexOf('=');
        facts.put(line.substring(0, equals), line.substring(equals + 1));
      }
      return Optional.of(facts);
    }
    if (!process.isAlive()) {
      throw new WatershedException(
          ErrorCode.REFUSED,
          name + " ended while it started (status " + process.exitValue() + ")" + said(),
          "Its log is in " + log + ".");
    }
    return Optional.empty();
  }

  private String said() throws IOException {
    List<String> lines = Files.readAllLines(output);
    List<String> last = lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size());
    return last.isEmpty() ? "" : ": " + String.join("\n", last);
  }

  /** Asks it to end. */
  void requestStop() {
    process.destroy();
  }

  /** Ends it: SIGTERM, then SIGKILL after a deadline. */
  @Override
  public void close() {
    requestStop();
    try {
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
