package io.watershed.bench;

import io.watershed.bench.BenchResult.Better;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.SqlSettings;
import io.watershed.cut.LiveMode;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.query.QueryEngine;
import io.watershed.query.QueryOutcome;
import io.watershed.query.SqlRequest;
import io.watershed.query.StatementControl.Step;
import io.watershed.query.StatementReport.StepTime;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Statements over many archived records and those that are still in the stream, each beside DuckDB
 * alone on the same Parquet files: same memory, same threads, in turns.
 */
final class QueryBenchmark implements Benchmark {
  static final double MEMORY_GOAL_MB = 1_024 * 1.048576;

  private static final long RECORDS = 10_000_000;
  private static final int LIVE_RECORDS = 200_000;
  private static final String STREAM = "orders";

  @Override
  public String name() {
    return "query";
  }

  @Override
  public String description() {
    return "statements over 10 million archived and 200,000 live records, beside plain DuckDB";
  }

  @Override
  public BenchReport run(BenchContext context) throws Exception {
    long records = context.records().orElse(context.quick() ? 250_000 : RECORDS);
    int liveRecords = context.quick() ? 5_000 : LIVE_RECORDS;
    Path folder = context.workDirectory();
    Path root = folder.resolve("reservoir");
    context.progress().accept("archiving the records");
    try (Reservoir reservoir = Reservoir.open(root.toString(), AwsAccess.DEFAULT)) {
      ArchiveTable table = reservoir.createOrLoad(STREAM);
      OrdersTable.fill(table, records, folder.resolve("files"), context.progress());
      List<DataFileInfo> files = table.files(table.load());
      List<Path> paths =
          files.stream().map(f -> reservoir.store().localPath(f.key()).orElseThrow()).toList();
      SqlSettings settings = SqlSettings.DEFAULTS.withTimeout(Duration.ofMinutes(10));
      context.progress().accept("filling the stream");
      try (StreamEndpoint endpoint =
              StreamEndpoint.start(OrdersTable.SHARDS, List.of(STREAM + "=" + liveRecords));
          KinesisStreams streams = KinesisStreams.open(endpoint.access());
          PlainParquet plain = PlainParquet.open(paths, settings, folder.resolve("plain"));
          QueryEngine engine =
              QueryEngine.open(
                  reservoir,
                  StreamSources.of(Map.of(STREAM, streams.source(STREAM))),
                  settings,
                  StreamEndpoint.ALL,
                  folder.resolve("cache"))) {
        List<BenchResult> results = new ArrayList<>();
        for (BenchStatement statement : BenchStatement.all(OrdersTable.end(records))) {
          StatementTimes times = measure(context, statement, plain, engine);
          results.addAll(times.results(statement.name()));
          if (statement.name().equals(BenchStatement.LAST_PER_KEY)) {
            context.progress().accept("the same in little memory");
            results.add(memory(folder, root, endpoint, statement, times.viewAnswer()));
          }
        }
        return new BenchReport(name(), results, notes(files, liveRecords, settings));
      }
    }
  }

  /** What one execution took, in milliseconds; the cut is the metadata and the live read. */
  private record Took(double all, double cut, String answer) {}

  private static StatementTimes measure(
      BenchContext context, BenchStatement statement, PlainParquet plain, QueryEngine engine)
      throws Exception {
    List<Double> plainTimes = new ArrayList<>();
    List<Double> archiveTimes = new ArrayList<>();
    List<Double> viewTimes = new ArrayList<>();
    List<Double> cutTimes = new ArrayList<>();
    String answer = "";
    int rounds = context.quick() ? 1 : statement.rounds();
    for (int round = rounds == 1 ? 0 : -1; round < rounds; round++) {
      Took alone = plain(plain, statement);
      Took archive = ask(engine, statement, "orders_archive", LiveMode.OFF);
      Took view = ask(engine, statement, "orders", LiveMode.REQUIRE);
      if (!alone.answer().equals(archive.answer())) {
        throw new IllegalStateException(
            statement.name() + ": DuckDB says " + alone.answer() + ", we say " + archive.answer());
      }
      answer = view.answer();
      if (round >= 0) {
        plainTimes.add(alone.all());
        archiveTimes.add(archive.all());
        viewTimes.add(view.all());
        cutTimes.add(view.cut());
      }
    }
    StatementTimes times =
        new StatementTimes(
            median(plainTimes), median(archiveTimes), median(viewTimes), median(cutTimes), answer);
    context.progress().accept(statement.name() + ": " + times.line());
    return times;
  }

  private static Took plain(PlainParquet plain, BenchStatement statement) throws Exception {
    long begun = System.nanoTime();
    String answer = plain.ask(statement.on(PlainParquet.TABLE));
    return new Took((System.nanoTime() - begun) / 1e6, 0, answer);
  }

  private static Took ask(
      QueryEngine engine, BenchStatement statement, String table, LiveMode live) {
    OneRow row = new OneRow();
    long begun = System.nanoTime();
    QueryOutcome outcome =
        engine.execute(new SqlRequest(statement.on(table), Optional.empty(), live), row);
    double all = (System.nanoTime() - begun) / 1e6;
    double cut =
        outcome.report().steps().stream()
            .filter(step -> step.step() == Step.CUT)
            .map(StepTime::elapsed)
            .mapToDouble(Duration::toNanos)
            .sum();
    return new Took(all, cut / 1e6, row.text());
  }

  private static BenchResult memory(
      Path folder, Path root, StreamEndpoint endpoint, BenchStatement statement, String expected)
      throws Exception {
    QueryProcess.Answered answered =
        QueryProcess.ask(folder, root, endpoint.uri(), statement.on(STREAM));
    if (!expected.equals(answered.text())) {
      throw new IllegalStateException(
          "in little memory the answer is " + answered.text() + ", not " + expected);
    }
    return new BenchResult(
        statement.name() + ", whole view: largest resident size",
        answered.peakBytes() / 1e6,
        "MB",
        Better.LOWER,
        OptionalDouble.empty(),
        "",
        OptionalDouble.of(MEMORY_GOAL_MB));
  }

  private static List<String> notes(
      List<DataFileInfo> files, int liveRecords, SqlSettings settings) {
    return List.of(
        "%,d archived records in %d files of %,d MB together, %,d live records in %d shards."
            .formatted(
                files.stream().mapToLong(DataFileInfo::rows).sum(),
                files.size(),
                files.stream().mapToLong(DataFileInfo::sizeBytes).sum() / 1_000_000,
                liveRecords,
                OrdersTable.SHARDS),
        ("Both with %d threads and %d MiB, in turns, medians after a warm-up. The reference is one"
                + " open database with a view over the files; ours is gated and cut per statement,"
                + " in a locked database that may have answered one before.")
            .formatted(settings.threads(), settings.memoryBytes() >> 20),
        "The reference of a whole view is plain DuckDB on the archive plus the live read.",
        "The live read keeps to two calls a second and shard; it takes the table's metadata along.");
  }

  private static double median(List<Double> figures) {
    return figures.stream().sorted().skip(figures.size() / 2).findFirst().orElseThrow();
  }
}
