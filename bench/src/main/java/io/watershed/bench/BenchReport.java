package io.watershed.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What a benchmark found, as a table for people and as one JSON object for programs.
 *
 * @param benchmark the benchmark's name
 * @param results the figures, in the order to print
 * @param notes sentences about how they were measured
 */
public record BenchReport(String benchmark, List<BenchResult> results, List<String> notes) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public BenchReport {
    results = List.copyOf(results);
    notes = List.copyOf(notes);
  }

  /** The figures that miss their goal: what {@code --check} fails on. */
  public List<BenchResult> missedGoals() {
    return results.stream().filter(result -> !result.reachesGoal()).toList();
  }

  /** A table, the machine and the notes; ends with a line break. */
  public String text() {
    StringBuilder out = new StringBuilder();
    String row = "%-" + nameWidth() + "s %10s %-7s %10s %8s %10s  %s%n";
    out.append(
        String.format(
            Locale.ROOT, row, benchmark, "figure", "unit", "reference", "ratio", "goal", ""));
    for (BenchResult result : results) {
      out.append(
          String.format(
              Locale.ROOT,
              row,
              result.name(),
              number(OptionalDouble.of(result.figure())),
              result.unit(),
              number(result.reference()),
              number(result.ratio()),
              number(result.goal()),
              verdict(result)));
    }
    out.append("machine: ").append(machine()).append(System.lineSeparator());
    notes.forEach(note -> out.append("note: ").append(note).append(System.lineSeparator()));
    return out.toString();
  }

  /**
   * One line: {@code benchmark}, {@code ok}, {@code machine}, {@code results} (each {@code name},
   * {@code figure}, {@code unit}, {@code better}, {@code reference}, {@code referenceName}, {@code
   * ratio}, {@code goal}, {@code ok}) and {@code notes}. Absent numbers are null.
   */
  public String json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("benchmark", benchmark);
    root.put("ok", missedGoals().isEmpty());
    root.put("machine", machine());
    ArrayNode list = root.putArray("results");
    for (BenchResult result : results) {
      ObjectNode item = list.addObject();
      item.put("name", result.name());
      item.put("figure", result.figure());
      item.put("unit", result.unit());
      item.put("better", result.better().name().toLowerCase(Locale.ROOT));
      put(item, "reference", result.reference());
      item.put("referenceName", result.referenceName());
      put(item, "ratio", result.ratio());
      put(item, "goal", result.goal());
      item.put("ok", result.reachesGoal());
    }
    ArrayNode noteList = root.putArray("notes");
    notes.forEach(noteList::add);
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values always has a JSON text", e);
    }
  }

  private int nameWidth() {
    return Math.max(
        benchmark.length(),
        results.stream().mapToInt(result -> result.name().length()).max().orElse(0));
  }

  private static String verdict(BenchResult result) {
    if (result.goal().isEmpty()) {
      return "";
    }
    return result.reachesGoal() ? "ok" : "MISSED";
  }

  private static String number(OptionalDouble value) {
    if (value.isEmpty()) {
      return "-";
    }
    double number = value.getAsDouble();
    return String.format(Locale.ROOT, Math.abs(number) < 10 ? "%.2f" : "%.1f", number);
  }

  private static void put(ObjectNode item, String name, OptionalDouble value) {
    if (value.isPresent()) {
      item.put(name, value.getAsDouble());
    } else {
      item.putNull(name);
    }
  }

  private static String machine() {
    return Runtime.getRuntime().availableProcessors()
        + " processors, "
        + Runtime.getRuntime().maxMemory() / (1 << 20)
        + " MiB heap, Java "
        + Runtime.version()
        + ", "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.arch");
  }
}
