package io.watershed.bench;

import io.watershed.bench.BenchResult.Better;
import io.watershed.core.record.StreamRecord;
import io.watershed.duckdb.DuckDb;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The archiver end to end: from a local Kinesis endpoint in another process to committed files on
 * disk, payload and typed columns. Beside it, on the same JSON in a file: DuckDB alone, typed
 * columns only, and {@code gzip -6}.
 */
final class ArchiveBenchmark implements Benchmark {
  static final double CPU_GOAL = 50;
  static final double CPU_RATIO_GOAL = 0.6;
  static final double SIZE_GOAL = 0.33;

  private static final int SHARDS = 8;

  private static final double MB = 1e6;

  @Override
  public String name() {
    return "archive";
  }

  @Override
  public String description() {
    return "a stream to committed files: speed, memory and size, beside DuckDB's own JSON reader";
  }

  @Override
  public BenchReport run(BenchContext context) throws Exception {
    int records = context.quick() ? 5_000 : 400_000;
    Path folder = context.workDirectory();
    context.progress().accept("the archiver");
    Archived archived =
        Processes.archive(folder, SHARDS, List.of("events=" + records), context.quick() ? 1 : 4);
    context.progress().accept("DuckDB alone, and gzip");
    Path json = writeJson(folder.resolve("events.json"), records);
    Path reference = folder.resolve("reference.parquet");
    double alone;
    try (DuckDb duck = DuckDb.open(References.oneThread())) {
      Path unused = References.copyJson(duck, json, reference);
      long cpu = References.processCpuNanos();
      unused = References.copyJson(duck, json, reference);
      alone = Files.size(json) * 1e9 / MB / (References.processCpuNanos() - cpu);
    }
    long cpu = References.processCpuNanos();
    Path gzip = References.gzip(json);
    double gzipSpeed = Files.size(json) * 1e9 / MB / (References.processCpuNanos() - cpu);
    return new BenchReport(
        name(),
        results(archived, alone, gzipSpeed, Files.size(reference), Files.size(gzip)),
        List.of(
            "MB are 10^6 bytes of JSON; %,d events, %d MB, in %d shards."
                .formatted(archived.records(), archived.payloadBytes() / 1_000_000, SHARDS),
            "Reference: DuckDB's read_json_auto to Parquet, typed columns without the payload.",
            "Processor time is that of the archiver's process only, after a warm-up; on a machine"
                + " with other work, wall time says little."));
  }

  private static List<BenchResult> results(
      Archived archived, double alone, double gzipSpeed, long referenceBytes, long gzipBytes) {
    double megabytes = archived.payloadBytes() / MB;
    double cpuSpeed = megabytes * 1e9 / archived.cpuNanos();
    return List.of(
        higher("archive, per processor second", cpuSpeed, "MB/s", OptionalDouble.empty(), CPU_GOAL),
        higher(
            "the same, beside DuckDB alone",
            cpuSpeed,
            "MB/s",
            OptionalDouble.of(alone),
            alone * CPU_RATIO_GOAL),
        higher("archive, per second", megabytes * 1e9 / archived.nanos(), "MB/s"),
        higher("records per second", archived.records() * 1e9 / archived.nanos(), "1/s"),
        lower("processor time", archived.cpuNanos() / 1e9, "s"),
        lower("  garbage collections (wall time)", archived.collectionMillis() / 1e3, "s"),
        lower("  JIT compiler (wall time)", archived.compilationMillis() / 1e3, "s"),
        lower("peak resident memory", archived.peakBytes() / MB, "MB"),
        lower(
            "written / JSON",
            (double) archived.writtenBytes() / archived.payloadBytes(),
            "of 1",
            OptionalDouble.of(SIZE_GOAL)),
        lower("DuckDB alone, typed only / JSON", referenceBytes / MB / megabytes, "of 1"),
        higher("gzip -6, per processor second", gzipSpeed, "MB/s"),
        lower("gzip -6 / JSON", gzipBytes / MB / megabytes, "of 1"));
  }

  private static Path writeJson(Path file, int records) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int made = 0; made < records; made += StreamProcess.partSize()) {
        for (StreamRecord record : StreamProcess.part(made, records)) {
          out.write(record.payload());
          out.write('\n');
        }
      }
    }
    return file;
  }

  private static BenchResult higher(String name, double figure, String unit) {
    return new BenchResult(
        name, figure, unit, Better.HIGHER, OptionalDouble.empty(), "", OptionalDouble.empty());
  }

  private static BenchResult higher(
      String name, double figure, String unit, OptionalDouble reference, double goal) {
    return new BenchResult(
        name,
        figure,
        unit,
        Better.HIGHER,
        reference,
        reference.isPresent() ? "DuckDB's read_json_auto" : "",
        OptionalDouble.of(goal));
  }

  private static BenchResult lower(String name, double figure, String unit) {
    return lower(name, figure, unit, OptionalDouble.empty());
  }

  private static BenchResult lower(String name, double figure, String unit, OptionalDouble goal) {
    return new BenchResult(name, figure, unit, Better.LOWER, OptionalDouble.empty(), "", goal);
  }
}
