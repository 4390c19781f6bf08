package io.watershed.secondreader;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.bench.SparkProcess;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Spark's answers as those of another engine. */
final class SparkReader implements OtherEngine {
  private final SparkProcess spark;

  SparkReader(Path reservoir, Path log) throws Exception {
    spark = new SparkProcess(Path.of("target"), "1g", reservoir, log);
  }

  @Override
  public void add(Pond pond, String stream) throws Exception {
    spark.add(pond.reservoir.archive(stream).load(), pond.root);
  }

  @Override
  public List<List<Object>> query(String sql) throws Exception {
    List<List<Object>> rows = new ArrayList<>();
    spark.ask(sql).forEach(row -> rows.add(cells(row)));
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
    spark.close();
  }
}
