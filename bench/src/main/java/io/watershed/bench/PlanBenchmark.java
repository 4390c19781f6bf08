package io.watershed.bench;

import io.watershed.bench.BenchResult.Better;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.record.SystemColumn;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.FileFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** What it takes to find a statement's files in a table of very many. */
final class PlanBenchmark implements Benchmark {
  static final double GOAL_MS = 1_000;

  private static final int FILES = 100_000;
  private static final String REFERENCE = "Iceberg's own scan";

  @Override
  public String name() {
    return "plan";
  }

  @Override
  public String description() {
    return "planning an hour in a table of 100,000 data files; goal: 1 s";
  }

  @Override
  public BenchReport run(BenchContext context) throws Exception {
    int files = context.quick() ? 2_000 : FILES;
    Path root = context.workDirectory().resolve("reservoir");
    Rounds rounds = Rounds.of(context);
    try (Reservoir reservoir = Reservoir.open(root.toString(), AwsAccess.DEFAULT)) {
      context.progress().accept("making the table");
      LargeTable.make(reservoir, root, files, context.progress());
      Duration all = Duration.between(LargeTable.START, LargeTable.end(files));
      Instant from =
          LargeTable.START.plus(all.multipliedBy(2).dividedBy(3)).truncatedTo(ChronoUnit.HOURS);
      Instant before = from.plus(Duration.ofHours(1));
      FileFilter hour = FileFilter.arrivedBetween(Optional.of(from), Optional.of(before));
      requireSame(plan(reservoir, hour), scan(root, between(from, before)));
      context.progress().accept("plans");
      double ours = rounds.median(() -> millis(() -> plan(reservoir, hour)));
      double theirs = rounds.median(() -> millis(() -> scan(root, between(from, before))));
      double oursAll = rounds.median(() -> millis(() -> plan(reservoir, FileFilter.ALL)));
      double theirsAll = rounds.median(() -> millis(() -> scan(root, Expressions.alwaysTrue())));
      PlanProcess.Planned first = PlanProcess.plan(context.workDirectory(), root, from, before);
      PlanProcess.Planned whole =
          PlanProcess.plan(context.workDirectory(), root, LargeTable.START, LargeTable.end(files));
      return new BenchReport(
          name(),
          List.of(
              lower("an hour", ours, "ms", theirs, OptionalDouble.of(GOAL_MS)),
              lower("all files", oursAll, "ms", theirsAll, OptionalDouble.empty()),
              lower("an hour, first plan of a process", (double) first.millis(), "ms"),
              lower("  its largest resident size", first.peakBytes() / 1e6, "MB"),
              lower("all files, first plan of a process", (double) whole.millis(), "ms"),
              lower("  its largest resident size", whole.peakBytes() / 1e6, "MB")),
          List.of(
              "%,d files over %,d days, %,d of them in the hour."
                  .formatted(files + 1, all.toDays(), first.files()),
              "Each plan looks for the table, and reads its metadata, manifest list and manifests"
                  + " from disk again. The entries are made, the files do not exist."));
    }
  }

  private static int plan(Reservoir reservoir, FileFilter filter) {
    ArchiveTable table = reservoir.archive(LargeTable.STREAM);
    return table.files(table.load(), filter).size();
  }

  private static int scan(Path root, Expression filter) {
    BaseTable table =
        new BaseTable(
            new LocalTableOperations(root.resolve(LargeTable.STREAM)),
            LargeTable.STREAM,
            report -> {});
    int files = 0;
    try (CloseableIterable<FileScanTask> tasks = table.newScan().filter(filter).planFiles()) {
      for (FileScanTask task : tasks) {
        files += task.file().recordCount() > 0 ? 1 : 0;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private static Expression between(Instant from, Instant before) {
    String arrival = SystemColumn.ARRIVAL_TIME.columnName();
    return Expressions.and(
        Expressions.greaterThanOrEqual(arrival, micros(from)),
        Expressions.lessThan(arrival, micros(before)));
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private static void requireSame(int ours, int theirs) {
    if (ours != theirs || ours == 0) {
      throw new IllegalStateException("we plan " + ours + " files, Iceberg " + theirs);
    }
  }

  private interface Plan {
    int files();
  }

  private static double millis(Plan plan) {
    long begun = System.nanoTime();
    if (plan.files() == 0) {
      throw new IllegalStateException("a plan without files");
    }
    return (System.nanoTime() - begun) / 1e6;
  }

  private static BenchResult lower(String name, double figure, String unit) {
    return new BenchResult(
        name, figure, unit, Better.LOWER, OptionalDouble.empty(), "", OptionalDouble.empty());
  }

  private static BenchResult lower(
      String name, double figure, String unit, double reference, OptionalDouble goal) {
    return new BenchResult(
        name, figure, unit, Better.LOWER, OptionalDouble.of(reference), REFERENCE, goal);
  }
}
