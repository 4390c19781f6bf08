package io.watershed.drilltests;

import io.watershed.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A command of watershed as a process of its own, as a person runs it. */
final class Watershed implements AutoCloseable {
  private final Process process;
  private final Path out;
  private final Path err;

  private Watershed(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  static Watershed start(Path folder, String... arguments) throws IOException {
    return start(folder, Path.of("/dev/null"), arguments);
  }

  /** With a file as standard input. */
  static Watershed start(Path folder, Path input, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-Xss2m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("WATERSHED_CACHE", folder.resolve("cache").toString());
    builder.environment().put("WATERSHED_SOCKETS", folder.toString());
    builder.environment().remove("WATERSHED_CONFIG");
    builder.redirectInput(input.toFile());
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    return new Watershed(builder.start(), out, err);
  }

  /** Runs to its end. */
  static Watershed run(Path folder, String... arguments) throws Exception {
    Watershed watershed = start(folder, arguments);
    watershed.awaitEnd(180);
    return watershed;
  }

  /** Waits until its results are so. */
  void awaitOut(Predicate<String> wanted) throws Exception {
    long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(4);
    while (!wanted.test(out())) {
      if (!process.isAlive() || System.nanoTime() > until) {
        throw new AssertionError("it did not come: " + out() + err());
      }
      Thread.sleep(50);
    }
  }

  void awaitEnd(long seconds) throws Exception {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end: " + out() + err());
    }
  }

  List<ProcessHandle> children() {
    return process.descendants().toList();
  }

  void terminate() {
    process.destroy();
  }

  void kill() {
    process.destroyForcibly();
  }

  int status() {
    return process.exitValue();
  }

  String out() throws IOException {
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  String err() throws IOException {
    return Files.readString(err, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws Exception {
    terminate();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      kill();
    }
  }
}
