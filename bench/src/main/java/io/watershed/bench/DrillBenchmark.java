package io.watershed.bench;

import io.watershed.bench.BenchResult.Better;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.DrillSettings;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.cut.LiveMode;
import io.watershed.cut.StreamSources;
import io.watershed.drillclient.DrillEngine;
import io.watershed.query.QueryEngine;
import io.watershed.query.SqlRequest;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The same statements over the same archive, on the embedded engine, on one drillbit and on two,
 * all on this machine: what Drill costs where it cannot win anything, and how it takes more
 * processes.
 */
final class DrillBenchmark implements Benchmark {
  private static final long RECORDS = 2_000_000;
  private static final int ROUNDS = 3;
  private static final String STREAM = "orders";
  private static final String HEAP = "1g";
  private static final String DIRECT = "2g";

  private static final Map<String, String> STATEMENTS = statements();

  private final Drillbits drillbits;

  DrillBenchmark(Drillbits drillbits) {
    this.drillbits = drillbits;
  }

  /** What both dialects say in the same words. */
  private static Map<String, String> statements() {
    Map<String, String> statements = new LinkedHashMap<>();
    statements.put("count", "SELECT count(*) AS n FROM orders_archive");
    statements.put(
        "group by",
        "SELECT o.customer.city AS city, count(*) AS n, sum(o.amount) AS a FROM orders_archive o"
            + " GROUP BY o.customer.city ORDER BY city");
    statements.put(
        "point lookup by key",
        "SELECT count(*) AS n, sum(amount) AS a FROM orders_archive"
            + " WHERE _partition_key = 'customer-123456'");
    statements.put(
        "top 10",
        "SELECT event_id, amount FROM orders_archive ORDER BY amount DESC, event_id LIMIT 10");
    statements.put(
        "last record per key",
        "SELECT count(*) AS n, sum(o.amount) AS a FROM orders_archive o JOIN (SELECT _partition_key"
            + " AS k, max(_sequence_number) AS s FROM orders_archive GROUP BY _partition_key) l ON"
            + " o._partition_key = l.k AND o._sequence_number = l.s");
    return statements;
  }

  @Override
  public String name() {
    return "drill";
  }

  @Override
  public String description() {
    return "statements over 2 million archived records on one and two drillbits, beside DuckDB";
  }

  @Override
  public BenchReport run(BenchContext context) throws Exception {
    long records = context.records().orElse(context.quick() ? 250_000 : RECORDS);
    Path folder = context.workDirectory();
    Path root = folder.resolve("reservoir");
    Path config =
        Files.writeString(folder.resolve("watershed.yaml"), "reservoir: '" + root + "'\n");
    context.progress().accept("archiving the records");
    try (Reservoir reservoir = Reservoir.open(root.toString(), AwsAccess.DEFAULT)) {
      ArchiveTable table = reservoir.createOrLoad(STREAM);
      OrdersTable.fill(table, records, folder.resolve("files"), context.progress());
      List<DataFileInfo> files = table.files(table.load());
      SqlSettings settings = SqlSettings.DEFAULTS.withTimeout(Duration.ofMinutes(10));
      Map<String, String> expected = new LinkedHashMap<>();
      Map<String, Double> embedded;
      try (QueryEngine engine =
          QueryEngine.open(
              reservoir,
              StreamSources.of(Map.of()),
              settings,
              LiveReadSettings.DEFAULTS,
              folder.resolve("cache"))) {
        embedded = measure(context, "DuckDB", sql -> ask(engine, sql), expected);
      }
      Optional<Map<String, Double>> spark = Optional.empty();
      if (drillbits.spark().isPresent()) {
        context.progress().accept("starting Spark");
        try (SparkProcess process =
            new SparkProcess(drillbits.spark().get(), HEAP, root, folder.resolve("spark.log"))) {
          process.add(table.load(), root);
          spark =
              Optional.of(
                  measure(context, "Spark", sql -> AllRows.text(process.ask(sql)), expected));
        }
      }
      Map<String, Double> one = measure(context, reservoir, settings, 1, config, expected);
      Map<String, Double> two = measure(context, reservoir, settings, 2, config, expected);
      return new BenchReport(
          name(), results(embedded, spark, one, two), notes(files, settings, spark.isPresent()));
    }
  }

  private Map<String, Double> measure(
      BenchContext context,
      Reservoir reservoir,
      SqlSettings settings,
      int count,
      Path config,
      Map<String, String> expected)
      throws Exception {
    String who = count == 1 ? "one drillbit" : count + " drillbits";
    context.progress().accept("starting " + who);
    try (Drillbits.Running running = drillbits.start(count, HEAP, DIRECT, config);
        QueryEngine engine =
            QueryEngine.openRemote(
                reservoir,
                StreamSources.of(Map.of()),
                settings,
                LiveReadSettings.DEFAULTS,
                context.workDirectory().resolve("cache"),
                new DrillEngine(
                    new DrillSettings(
                        running.addresses(), "watershed", Optional.empty(), Optional.empty()),
                    settings,
                    context.workDirectory().resolve("cache")))) {
      return measure(context, who, sql -> ask(engine, sql), expected);
    }
  }

  /** Whoever answers statements. */
  private interface Asked {
    String ask(String sql) throws Exception;
  }

  private static String ask(QueryEngine engine, String sql) {
    AllRows rows = new AllRows();
    engine.execute(SqlRequest.of(sql).with(LiveMode.OFF), rows);
    return rows.text();
  }

  /** Milliseconds of each statement: the median after a warm-up. All engines must agree. */
  private static Map<String, Double> measure(
      BenchContext context, String who, Asked engine, Map<String, String> expected)
      throws Exception {
    Map<String, Double> medians = new LinkedHashMap<>();
    int rounds = context.quick() ? 1 : ROUNDS;
    for (Map.Entry<String, String> statement : STATEMENTS.entrySet()) {
      String name = statement.getKey();
      List<Double> times = new ArrayList<>();
      for (int round = -1; round < rounds; round++) {
        long begun = System.nanoTime();
        String answer = engine.ask(statement.getValue());
        double millis = (System.nanoTime() - begun) / 1e6;
        String before = expected.putIfAbsent(name, answer);
        if (before != null && !before.equals(answer)) {
          throw new IllegalStateException(
              name + ": " + who + " says " + answer + ", DuckDB says " + before);
        }
        if (round >= 0) {
          times.add(millis);
        }
      }
      double median = times.stream().sorted().skip(times.size() / 2).findFirst().orElseThrow();
      medians.put(name, median);
      context.progress().accept("%s, %s: %,.0f ms".formatted(who, name, median));
    }
    return medians;
  }

  private static List<BenchResult> results(
      Map<String, Double> embedded,
      Optional<Map<String, Double>> spark,
      Map<String, Double> one,
      Map<String, Double> two) {
    List<BenchResult> results = new ArrayList<>();
    for (String name : STATEMENTS.keySet()) {
      spark.ifPresent(
          times ->
              results.add(
                  result(
                      name + ", Spark local",
                      times.getOrDefault(name, 0.0),
                      embedded.getOrDefault(name, 0.0),
                      "DuckDB")));
      double alone = one.getOrDefault(name, 0.0);
      results.add(
          result(name + ", one drillbit", alone, embedded.getOrDefault(name, 0.0), "DuckDB"));
      results.add(
          result(name + ", two drillbits", two.getOrDefault(name, 0.0), alone, "one drillbit"));
    }
    return results;
  }

  private static BenchResult result(
      String name, double millis, double reference, String referenceName) {
    return new BenchResult(
        name,
        millis,
        "ms",
        Better.LOWER,
        OptionalDouble.of(reference),
        referenceName,
        OptionalDouble.empty());
  }

  private static List<String> notes(List<DataFileInfo> files, SqlSettings settings, boolean spark) {
    return List.of(
        "%,d records in %d files of %,d MB together. All engines gave the same answers."
            .formatted(
                files.stream().mapToLong(DataFileInfo::rows).sum(),
                files.size(),
                files.stream().mapToLong(DataFileInfo::sizeBytes).sum() / 1_000_000),
        ("DuckDB has %d threads and %d MiB; each drillbit has a heap of %s and %s beside it. All of"
                + " them share the processors of this machine, so two drillbits show what a"
                + " distributed plan costs, not what more machines win.")
            .formatted(settings.threads(), settings.memoryBytes() >> 20, HEAP, DIRECT),
        spark
            ? "Spark has a heap of %s, reads by Iceberg's own reader, and no cut is taken."
                .formatted(HEAP)
            : "Spark was left out: './mvnw -Pspark -DskipTests package -pl spark-reader -am' builds what it needs.",
        "A statement's time on DuckDB and Drill has its connection, its cut and its receipt in it.");
  }
}
