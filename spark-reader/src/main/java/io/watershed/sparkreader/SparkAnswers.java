package io.watershed.sparkreader;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * The process: {@code SparkAnswers <reservoir>}. Each line of its input is one statement as a JSON
 * string; each line of its output answers one, as {@code {"rows":[[..]]}} or {@code
 * {"error":".."}}. The catalog {@code watershed} is the reservoir, as {@code sql --emit-view spark}
 * says. Ends with its input.
 */
public final class SparkAnswers {
  private SparkAnswers() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    System.setOut(System.err); // nobody else writes between the answers
    ObjectMapper json = new ObjectMapper();
    try (SparkSession spark = session(args[0]);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.println(json.writeValueAsString(answer(spark, json.readValue(line, String.class))));
        out.flush();
      }
    }
  }

  private static Map<String, Object> answer(SparkSession spark, String sql) {
    try {
      return Map.of("rows", SparkCells.of(spark.sql(sql).collectAsList()));
    } catch (Exception e) {
      return Map.of("error", String.valueOf(e.getMessage()));
    }
  }

  private static SparkSession session(String reservoir) {
    return SparkSession.builder()
        .appName("watershed")
        .master("local[2]")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.datetime.java8API.enabled", "true")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.sql.ansi.doubleQuotedIdentifiers", "true")
        .config("spark.sql.warehouse.dir", reservoir + "/.spark-warehouse-not-used")
        .config("spark.sql.catalog.watershed", "org.apache.iceberg.spark.SparkCatalog")
        .config("spark.sql.catalog.watershed.type", "hadoop")
        .config("spark.sql.catalog.watershed.warehouse", reservoir)
        .config("spark.sql.catalog.watershed.cache-enabled", "false")
        .getOrCreate();
  }
}
