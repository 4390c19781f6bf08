package io.watershed.bench;

import io.watershed.archive.maintain.LocalMaintenance;
import io.watershed.archive.maintain.MaintenanceOptions;
import io.watershed.archive.maintain.MaintenanceReport;
import io.watershed.bench.BenchResult.Better;
import io.watershed.core.config.MaintenanceSettings;
import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.store.Backoff;
import io.watershed.reservoir.store.DiskStore;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import io.watershed.reservoir.store.Sleeper;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.FileFilter;
import io.watershed.reservoir.table.TableState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.UUID;

/**
 * A table that grows for five years: what a commit and a plan cost at day 1, month 1, year 1 and
 * year 5. One commit a minute is 2.6 million commits, so days between the points are laid down as
 * maintenance would leave them: one real commit a day with the day's compacted files. At each point
 * there is a window of real commits, a minute apart, which is measured, and then real maintenance
 * of it: compaction of its files, deletion of versions and of left-overs.
 */
final class YearsBenchmark implements Benchmark {
  static final double GOAL = 1.5;

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int FILES_A_DAY = 2;
  private static final double KB = 1e3;

  @Override
  public String name() {
    return "years";
  }

  @Override
  public String description() {
    return "five years of commits: commit and plan time, metadata bytes; goal: they stay flat";
  }

  private record Point(String name, int day) {}

  /** What a window of commits cost. */
  private record Costs(
      double p50,
      double p99,
      double planDay,
      double planAll,
      double metadataJson,
      double writtenPerCommit,
      double objects) {}

  @Override
  public BenchReport run(BenchContext context) throws Exception {
    List<Point> points =
        context.quick()
            ? List.of(new Point("day 1", 1), new Point("day 5", 5), new Point("day 20", 20))
            : List.of(
                new Point("day 1", 1),
                new Point("month 1", 30),
                new Point("year 1", 365),
                new Point("year 5", 1826));
    int window = context.quick() ? 30 : 240;
    AgedStore store =
        new AgedStore(new DiskStore(context.workDirectory().resolve("reservoir")), START);
    Path files = Files.createDirectory(context.workDirectory().resolve("files"));
    List<Costs> costs = new ArrayList<>();
    try (Reservoir reservoir = reservoir(store);
        YearsTable table = new YearsTable(reservoir.createOrLoad("orders"), files);
        LocalMaintenance maintenance = new LocalMaintenance(reservoir, store::now)) {
      int day = 0;
      for (Point point : points) {
        layDown(context, store, table, day, point.day());
        day = point.day() + 1;
        costs.add(measure(store, table, point.day(), window));
        maintain(context, point, maintenance, store, table, day);
      }
    }
    return new BenchReport(name(), results(points, costs), notes(window));
  }

  private static Reservoir reservoir(AgedStore store) {
    ReservoirSettings settings = ReservoirSettings.DEFAULTS;
    Backoff backoff =
        new Backoff(settings.firstPause(), settings.longestPause(), new Random(1), Sleeper.REAL);
    return new Reservoir(store, settings, backoff, UUID::randomUUID);
  }

  private static void layDown(
      BenchContext context, AgedStore store, YearsTable table, int from, int to) {
    for (int day = from; day < to; day++) {
      store.setNow(START.plus(Duration.ofDays(day).plusHours(12)));
      table.commit(store.now(), FILES_A_DAY);
      if (day % 30 == 0) {
        context.progress().accept("day " + day);
        table.table().deleteOldVersions(1000);
      }
    }
  }

  private static Costs measure(AgedStore store, YearsTable years, int day, int window) {
    Instant begin = START.plus(Duration.ofDays(day).plusHours(12));
    long writtenBefore = store.metadataWritten();
    double[] millis = new double[window];
    for (int i = 0; i < window; i++) {
      store.setNow(begin.plus(Duration.ofMinutes(i)));
      millis[i] = years.commit(store.now(), 1) / 1e6;
    }
    double written = (double) (store.metadataWritten() - writtenBefore) / window / KB;
    Arrays.sort(millis);
    ArchiveTable table = years.table();
    TableState state = table.load();
    FileFilter today = FileFilter.arrivedBetween(Optional.of(begin), Optional.empty());
    FileFilter firstDay =
        FileFilter.arrivedBetween(Optional.of(START), Optional.of(START.plus(Duration.ofDays(1))));
    String newest = "orders/metadata/v" + state.metadataVersion() + ".metadata.json";
    return new Costs(
        millis[window / 2],
        millis[(int) (window * 0.99)],
        plan(table, state, firstDay) + plan(table, state, today),
        plan(table, state, FileFilter.ALL),
        store.stat(newest).map(ObjectInfo::sizeBytes).orElse(0L) / KB,
        written,
        objects(store));
  }

  /** Milliseconds, the median of some. */
  private static double plan(ArchiveTable table, TableState state, FileFilter filter) {
    double[] millis = new double[7];
    for (int i = 0; i < millis.length; i++) {
      long begun = System.nanoTime();
      table.files(state, filter);
      millis[i] = (System.nanoTime() - begun) / 1e6;
    }
    Arrays.sort(millis);
    return millis[millis.length / 2];
  }

  private static double objects(AgedStore store) {
    long bytes = 0;
    for (ObjectInfo object : store.list("orders/metadata/")) {
      bytes += object.sizeBytes();
    }
    return bytes / KB;
  }

  private static void maintain(
      BenchContext context,
      Point point,
      LocalMaintenance maintenance,
      AgedStore store,
      YearsTable table,
      int nextDay) {
    store.setNow(START.plus(Duration.ofDays(nextDay).plusHours(3)));
    long begun = System.nanoTime();
    MaintenanceReport report =
        maintenance.run(
            "orders", PayloadFormat.JSON, MaintenanceOptions.of(MaintenanceSettings.DEFAULTS));
    context
        .progress()
        .accept(
            "%s: maintenance made %d files of %d, deleted %d versions and %d other objects, %d ms"
                .formatted(
                    point.name(),
                    report.compactions(),
                    report.compactedFiles(),
                    report.versions(),
                    report.leftOvers(),
                    (System.nanoTime() - begun) / 1_000_000));
    table.reload();
  }

  private static List<BenchResult> results(List<Point> points, List<Costs> costs) {
    Costs base = costs.get(1);
    List<BenchResult> results = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      String at = points.get(i).name();
      Costs c = costs.get(i);
      boolean last = i == points.size() - 1;
      results.add(result(at + ": commit p50", c.p50(), "ms", base.p50(), last));
      results.add(result(at + ": commit p99", c.p99(), "ms", base.p99(), last));
      results.add(result(at + ": plan of 2 single days", c.planDay(), "ms", base.planDay(), last));
      results.add(result(at + ": plan of all files", c.planAll(), "ms", base.planAll(), false));
      results.add(
          result(at + ": current metadata", c.metadataJson(), "kB", base.metadataJson(), last));
      results.add(
          result(
              at + ": written per commit",
              c.writtenPerCommit(),
              "kB",
              base.writtenPerCommit(),
              last));
      results.add(result(at + ": all metadata objects", c.objects(), "kB", base.objects(), false));
    }
    return results;
  }

  private static BenchResult result(
      String name, double figure, String unit, double base, boolean hasGoal) {
    return new BenchResult(
        name,
        figure,
        unit,
        Better.LOWER,
        OptionalDouble.of(base),
        "the second point",
        hasGoal ? OptionalDouble.of(base * GOAL) : OptionalDouble.empty());
  }

  private static List<String> notes(int window) {
    return List.of(
        "Real: each window of "
            + window
            + " commits a minute apart, its compaction and cleaning, and the table they act on.",
        "Laid down: the days between, each by one real commit with "
            + FILES_A_DAY
            + " files, as compaction leaves them; files hold a record a shard.",
        "Left out: the open day has "
            + window
            + " files instead of 1,440, at every point alike. A plan of all files grows with them.");
  }
}
