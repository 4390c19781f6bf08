package io.watershed.secondreader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.query.view.EmittedView;
import io.watershed.query.view.ForeignEngine;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Spark in a process of its own, over the catalog that {@code sql --emit-view spark} names, through
 * the view that it prints.
 */
final class SparkReader implements OtherEngine {
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

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final PrintWriter statements;
  private final BufferedReader answers;

  SparkReader(Path reservoir, Path log) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:+IgnoreUnrecognizedVMOptions"));
    OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    command.add("-Djdk.reflect.useDirectMethodHandle=false");
    command.add("-Dio.netty.tryReflectionSetAccessible=true");
    command.add("-cp");
    Path target = Path.of("target");
    command.add(
        target.resolve("classes") + ":" + Files.readString(target.resolve("spark-classpath")));
    command.add("io.watershed.sparkreader.SparkAnswers");
    command.add(reservoir.toString());
    process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    statements =
        new PrintWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8), true);
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  @Override
  public void add(Pond pond, String stream) throws Exception {
    String view =
        EmittedView.of(
                ForeignEngine.SPARK,
                pond.reservoir.archive(stream).load(),
                pond.root.toString(),
                Optional.empty())
            .sql()
            .strip();
    query(view.substring(0, view.length() - 1));
  }

  @Override
  public List<List<Object>> query(String sql) throws Exception {
    statements.println(JSON.writeValueAsString(sql));
    String line = answers.readLine();
    if (line == null) {
      throw new IllegalStateException("Spark ended with " + process.waitFor());
    }
    JsonNode answer = JSON.readTree(line);
    if (answer.has("error")) {
      throw new IllegalStateException(answer.path("error").asText() + " IN " + sql);
    }
    List<List<Object>> rows = new ArrayList<>();
    answer.path("rows").forEach(row -> rows.add(cells(row)));
    return rows;
  }

  private static List<Object> cells(JsonNode row) {
    List<Object> cells = new ArrayList<>();
    row.forEach(cell -> cells.add(cell(cell)));
    return cells;
  }

  private static Object cell(JsonNode cell) {
    return switch (cell.getNodeType()) {
      case NULL -> null;
      case NUMBER -> cell.numberValue();
      case BOOLEAN -> cell.booleanValue();
      case ARRAY -> cells(cell);
      case OBJECT ->
          cell.has("hex")
              ? HexFormat.of().parseHex(cell.path("hex").asText())
              : Instant.parse(cell.path("time").asText());
      default -> cell.asText();
    };
  }

  @Override
  public void close() throws Exception {
    statements.close(); // its input ends
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
