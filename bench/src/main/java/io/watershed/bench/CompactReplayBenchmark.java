package io.watershed.bench;

import io.watershed.bench.BenchResult.Better;
import io.watershed.bench.CompactReplayProcess.Compacted;
import io.watershed.core.config.AwsAccess;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** Reads the last record per key of many records as a replay does, beside DuckDB alone. */
final class CompactReplayBenchmark implements Benchmark {
  private static final long RECORDS = 10_000_000;

  @Override
  public String name() {
    return "compact-replay";
  }

  @Override
  public String description() {
    return "the last record of each of a million keys in 10 million, in order, beside plain DuckDB";
  }

  @Override
  public BenchReport run(BenchContext context) throws Exception {
    long records = context.records().orElse(context.quick() ? 250_000 : RECORDS);
    Path folder = context.workDirectory();
    Path root = folder.resolve("reservoir");
    context.progress().accept("archiving the records");
    try (Reservoir reservoir = Reservoir.open(root.toString(), AwsAccess.DEFAULT)) {
      ArchiveTable table = reservoir.createOrLoad(CompactReplayProcess.STREAM);
      OrdersTable.fillByKey(table, records, folder.resolve("files"), context.progress());
    }
    context.progress().accept("plain DuckDB reads the last records, in no order");
    Compacted plain = CompactReplayProcess.run(folder, root, true);
    context.progress().accept("a compacted scan reads them");
    Compacted ours = CompactReplayProcess.run(folder, root, false);
    if (plain.records() != ours.records() || !plain.sum().equals(ours.sum())) {
      throw new IllegalStateException(
          "DuckDB reads " + plain.records() + " records, we read " + ours.records() + " or others");
    }
    return new BenchReport(
        name(),
        List.of(
            lower("compacted scan", ours.seconds(), "s", plain.seconds()),
            lower("processor time of its process", ours.cpuSeconds(), "s", plain.cpuSeconds()),
            lower("until its first record", ours.firstSeconds(), "s", plain.firstSeconds()),
            new BenchResult(
                "its largest resident size",
                ours.peakBytes() / 1e6,
                "MB",
                Better.LOWER,
                OptionalDouble.of(plain.peakBytes() / 1e6),
                PlainParquet.NAME,
                OptionalDouble.of(QueryBenchmark.MEMORY_GOAL_MB))),
        List.of(
            "%,d records, of which %,d are the last of their key."
                .formatted(records, ours.records()),
            "Each in a process of its own with 256 MB of heap and 400 MiB for DuckDB. The reference"
                + " is a semi-join with the greatest position per key, read in no order; ours is in"
                + " the order of a replay, and checks that each key is in one lineage."));
  }

  private static BenchResult lower(String name, double figure, String unit, double plain) {
    return new BenchResult(
        name,
        figure,
        unit,
        Better.LOWER,
        OptionalDouble.of(plain),
        PlainParquet.NAME,
        OptionalDouble.empty());
  }
}
