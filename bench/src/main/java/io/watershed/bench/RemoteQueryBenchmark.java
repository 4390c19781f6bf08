package io.watershed.bench;

import io.watershed.bench.BenchResult.Better;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.cut.LiveMode;
import io.watershed.cut.StreamSources;
import io.watershed.query.QueryEngine;
import io.watershed.query.SqlRequest;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A statement that reads three columns of an archive in S3, 20 ms away: what it fetches, and what
 * it fetches when it is asked again. Counted by the endpoint.
 */
final class RemoteQueryBenchmark implements Benchmark {
  static final double FETCHED_GOAL = 0.15;

  private static final Duration LATENCY = Duration.ofMillis(20);
  private static final long RECORDS = 1_000_000;
  private static final String STREAM = "orders";
  private static final BenchStatement STATEMENT =
      new BenchStatement(
          "three columns",
          "SELECT string_agg(t || c || a, ',' ORDER BY t, c) FROM (SELECT type AS t,"
              + " currency AS c, round(sum(amount)) AS a FROM ${t} GROUP BY ALL)",
          1);

  @Override
  public String name() {
    return "query-s3";
  }

  @Override
  public String description() {
    return "three columns of an archive in S3 with 20 ms latency: bytes fetched of bytes stored";
  }

  /** One execution, as the endpoint saw it. */
  private record Asked(double millis, long bytes, long requests, String answer) {}

  @Override
  public BenchReport run(BenchContext context) throws Exception {
    long records = context.records().orElse(context.quick() ? 125_000 : RECORDS);
    Path folder = context.workDirectory();
    Path objects = folder.resolve("objects");
    SqlSettings settings = SqlSettings.DEFAULTS.withTimeout(Duration.ofMinutes(10));
    context.progress().accept("archiving the records");
    List<DataFileInfo> files;
    String expected;
    try (Reservoir disk = Reservoir.open(objects.resolve("water").toString(), AwsAccess.DEFAULT)) {
      ArchiveTable table = disk.createOrLoad(STREAM);
      OrdersTable.fill(table, records, folder.resolve("files"), context.progress());
      files = table.files(table.load());
      List<Path> paths =
          files.stream().map(f -> disk.store().localPath(f.key()).orElseThrow()).toList();
      try (PlainParquet plain = PlainParquet.open(paths, settings, folder.resolve("plain"))) {
        expected = plain.ask(STATEMENT.on(PlainParquet.TABLE));
      }
    }
    long stored = files.stream().mapToLong(DataFileInfo::sizeBytes).sum();
    try (SlowS3 s3 = SlowS3.start(objects, LATENCY);
        Reservoir reservoir = Reservoir.open(SlowS3.location("water"), s3.access());
        QueryEngine engine =
            QueryEngine.open(
                reservoir,
                StreamSources.none(),
                settings,
                LiveReadSettings.DEFAULTS,
                folder.resolve("cache"))) {
      context.progress().accept("the first time");
      Asked first = ask(s3, engine, expected);
      context.progress().accept("again");
      Asked second = ask(s3, engine, expected);
      return new BenchReport(
          name(),
          List.of(
              result("fetched / stored", (double) first.bytes() / stored, "of 1", FETCHED_GOAL),
              result("fetched when asked again", second.bytes() / 1e6, "MB", 0),
              info("the first time", first.millis(), "ms"),
              info("  its requests", (double) first.requests(), ""),
              info("again", second.millis(), "ms"),
              info("  its requests", (double) second.requests(), "")),
          List.of(
              "%,d records in %d files of %,d MB; %,d ms added to each request."
                  .formatted(records, files.size(), stored / 1_000_000, LATENCY.toMillis()),
              "Bytes are those of data files that the endpoint served; requests are all of them."));
    }
  }

  private static Asked ask(SlowS3 s3, QueryEngine engine, String expected) {
    long bytes = s3.dataBytes();
    long requests = s3.requests();
    OneRow row = new OneRow();
    long begun = System.nanoTime();
    engine.execute(
        new SqlRequest(STATEMENT.on("orders_archive"), Optional.empty(), LiveMode.OFF), row);
    double millis = (System.nanoTime() - begun) / 1e6;
    if (!row.text().equals(expected)) {
      throw new IllegalStateException("DuckDB says " + expected + ", we say " + row.text());
    }
    return new Asked(millis, s3.dataBytes() - bytes, s3.requests() - requests, row.text());
  }

  private static BenchResult result(String name, double figure, String unit, double goal) {
    return new BenchResult(
        name, figure, unit, Better.LOWER, OptionalDouble.empty(), "", OptionalDouble.of(goal));
  }

  private static BenchResult info(String name, double figure, String unit) {
    return new BenchResult(
        name, figure, unit, Better.LOWER, OptionalDouble.empty(), "", OptionalDouble.empty());
  }
}
