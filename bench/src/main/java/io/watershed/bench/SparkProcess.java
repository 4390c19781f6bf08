package io.watershed.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.query.view.EmittedView;
import io.watershed.query.view.ForeignEngine;
import io.watershed.reservoir.table.TableState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Spark in local mode in a process of its own, which the module {@code spark-reader} is: over the
 * catalog that {@code sql --emit-view spark} names, through the view that it prints. Used by one
 * thread.
 */
public final class SparkProcess implements AutoCloseable {
  /** What Spark's own launcher opens (org.apache.spark.launcher.JavaModuleOptions). */
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "jdk.internal.ref",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  private static final String CLASS_PATH = "spark-classpath";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final PrintWriter statements;
  private final BufferedReader answers;

  /**
   * Starts it.
   *
   * @param built the folder {@code target} of the module
   * @param heap as the JVM writes sizes
   * @param reservoir a folder
   * @param log where Spark's own words go
   */
  public SparkProcess(Path built, String heap, Path reservoir, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:+IgnoreUnrecognizedVMOptions"));
    OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    command.add("-Djdk.reflect.useDirectMethodHandle=false");
    command.add("-Dio.netty.tryReflectionSetAccessible=true");
    command.add("-cp");
    command.add(built.resolve("classes") + ":" + Files.readString(built.resolve(CLASS_PATH)));
    command.add("io.watershed.sparkreader.SparkAnswers");
    command.add(reservoir.toString());
    process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    statements =
        new PrintWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8), true);
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Whether the module was built there: the Maven profile {@code spark} does. */
  public static boolean isBuilt(Path built) {
    return Files.exists(built.resolve(CLASS_PATH));
  }

  /** Makes the view of an archive. */
  public void add(TableState archive, Path reservoir) throws IOException, InterruptedException {
    String view =
        EmittedView.of(ForeignEngine.SPARK, archive, reservoir.toString(), Optional.empty())
            .sql()
            .strip();
    ask(view.substring(0, view.length() - 1));
  }

  /** Asks, and gives the rows: an array of arrays. */
  public JsonNode ask(String sql) throws IOException, InterruptedException {
    statements.println(JSON.writeValueAsString(sql));
    String line = answers.readLine();
    if (line == null) {
      throw new IllegalStateException("Spark ended with " + process.waitFor());
    }
    JsonNode answer = JSON.readTree(line);
    if (answer.has("error")) {
      throw new IllegalStateException(answer.path("error").asText() + " IN " + sql);
    }
    return answer.path("rows");
  }

  @Override
  public void close() throws InterruptedException {
    statements.close(); // its input ends
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
