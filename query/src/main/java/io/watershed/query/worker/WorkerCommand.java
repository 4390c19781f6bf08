package io.watershed.query.worker;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How a child is started: this JVM's program and classes, a small heap, and no secrets. */
final class WorkerCommand {
  /** With {@code -XX:+ExitOnOutOfMemoryError}, the exit status of a JVM whose heap is full. */
  static final int HEAP_IS_FULL = 3;

  /** What a program needs to find its files; credentials are in none of them. */
  private static final List<String> ENVIRONMENT =
      List.of("LANG", "LC_ALL", "LC_CTYPE", "SystemRoot");

  /** Where POSIX systems have it. */
  private static final Path NICE = Path.of("/usr/bin/nice");

  private static final String NICENESS = "10";

  /** The JVM would begin with a share of the machine's memory, and touch all of it. */
  private static final long FIRST_HEAP_BYTES = 16L << 20;

  private WorkerCommand() {}

  static Process start(Path folder, WorkerSettings settings) throws IOException {
    List<String> command = new ArrayList<>(niceness());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + settings.heapBytes());
    command.add("-Xms" + Math.min(settings.heapBytes(), FIRST_HEAP_BYTES));
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1"); // Java only passes rows on: start fast
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=" + folder.resolve("crash.log"));
    command.add("-Djava.io.tmpdir=" + folder);
    command.add("-Duser.home=" + folder);
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add("-cp");
    command.add(classPath());
    command.add(WorkerMain.class.getName());
    command.add(folder.toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(ENVIRONMENT);
    return builder
        .directory(folder.toFile())
        .redirectError(folder.resolve("stderr.log").toFile())
        .start();
  }

  /** Where processors are scarce, an archiver in this process comes first. */
  private static List<String> niceness() {
    return Files.isExecutable(NICE) ? List.of(NICE.toString(), "-n", NICENESS) : List.of();
  }

  /** Absolute, because the child has a folder of its own. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
