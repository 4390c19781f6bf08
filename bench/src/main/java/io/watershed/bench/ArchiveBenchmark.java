package io.watershed.bench;

import io.watershed.bench.BenchResult.Better;
import io.watershed.core.record.StreamRecord;
import io.watershed.duckdb.DuckDb;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** How a process marks the line that it was started for. */
  static final String RESULT = "result: ";

  /** JVM options for the archiver's process, such as a flight recording. */
  private static final String EXTRA_OPTIONS = "watershed.bench.archiver";

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
    Archived archived = archive(folder, records, context.quick() ? 2_000 : 250_000);
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
                .formatted(
                    archived.records(), archived.payloadBytes() / 1_000_000, StreamProcess.SHARDS),
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

  /** What the archiver's process said. */
  private record Archived(
      long records,
      long payloadBytes,
      long writtenBytes,
      long cpuNanos,
      long nanos,
      long peakBytes) {
    static Archived parse(String line) {
      long[] words = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
      return new Archived(words[0], words[1], words[2], words[3], words[4], words[5]);
    }
  }

  private static Archived archive(Path folder, int records, int warmUp) throws Exception {
    Process kinesis =
        start(
            StreamProcess.class,
            List.of("-Xmx2g"),
            List.of("warm-up=" + warmUp, "events=" + records));
    try {
      String endpoint = result(kinesis);
      Process archiver =
          start(
              ArchiverProcess.class,
              archiverOptions(),
              List.of(endpoint, folder.resolve("reservoir").toString(), "warm-up", "events"));
      try {
        return Archived.parse(result(archiver));
      } finally {
        archiver.destroy();
        int unused = archiver.waitFor();
      }
    } finally {
      kinesis.destroy();
      int unused = kinesis.waitFor();
    }
  }

  /** As the launcher starts an archiver. */
  private static List<String> archiverOptions() {
    List<String> options = new ArrayList<>(List.of("-Xmx512m", "-XX:MaxDirectMemorySize=96m"));
    String more = System.getProperty(EXTRA_OPTIONS, "");
    options.addAll(more.isEmpty() ? List.of() : List.of(more.split(" ")));
    return options;
  }

  private static Process start(Class<?> main, List<String> options, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String result(Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith(RESULT)) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException("a process of the benchmark ended without a result");
    }
    return line.substring(RESULT.length());
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
