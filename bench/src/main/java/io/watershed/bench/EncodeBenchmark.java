package io.watershed.bench;

import io.watershed.archive.encode.EncodeOutcome.Encoded;
import io.watershed.archive.encode.EncodeOutcome.NeedsColumns;
import io.watershed.archive.encode.Encoder;
import io.watershed.bench.BenchResult.Better;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.payload.Shredder;
import io.watershed.core.record.StreamRecord;
import io.watershed.duckdb.DuckDb;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;

/**
 * The encoder: MB of JSON per second of processor time and of wall time, and the size of what it
 * writes. The reference is what DuckDB alone does with the same JSON in a file, guessing types and
 * keeping no payload: {@code COPY (SELECT * FROM read_json_auto(..)) TO ..} on one thread.
 */
final class EncodeBenchmark implements Benchmark {
  static final double CPU_RATIO_GOAL = 0.6;
  static final double SIZE_GOAL = 0.33;

  private static final LocalDate DAY = LocalDate.parse("2026-05-01");
  private static final Instant MORNING = Instant.parse("2026-05-01T06:00:00Z");
  private static final double MB = 1e6;
  private static final int WARM_UP_ROUNDS = 25;

  @Override
  public String name() {
    return "encode";
  }

  @Override
  public String description() {
    return "JSON records to archive files: speed and size, beside DuckDB's own JSON reader";
  }

  @Override
  public BenchReport run(BenchContext context) throws Exception {
    List<StreamRecord> records = OrderEvents.records(1, context.quick() ? 5_000 : 41_000, MORNING);
    double megabytes = records.stream().mapToLong(r -> r.payload().length).sum() / MB;
    Path folder = context.workDirectory();
    Path json = writeJson(records, folder.resolve("events.json"));
    List<BenchResult> results = new ArrayList<>();
    try (DuckDb duck = DuckDb.open(References.oneThread())) {
      Path reference = folder.resolve("reference.parquet");
      context.progress().accept("DuckDB alone");
      Speed alone = measure(context, megabytes, () -> References.copyJson(duck, json, reference));
      PayloadSchema schema = schema(records);
      context.progress().accept("the encoder");
      Path file = folder.resolve("encoded.parquet");
      Speed ours;
      try (Encoder encoder = encoder(EncoderSettings.DEFAULTS, PayloadFormat.JSON)) {
        warmUp(context, () -> encode(encoder, records, schema, file));
        ours = measure(context, megabytes, () -> encode(encoder, records, schema, file));
      }
      results.add(
          higher(
              "encode, per processor second",
              ours.cpu(),
              OptionalDouble.of(alone.cpu()),
              OptionalDouble.of(alone.cpu() * CPU_RATIO_GOAL)));
      results.add(
          higher(
              "encode, per second",
              ours.wall(),
              OptionalDouble.of(alone.wall()),
              OptionalDouble.empty()));
      results.add(size("written / JSON", file, json, SIZE_GOAL));
      results.add(size("DuckDB alone, typed only / JSON", reference, json, 1));
      results.add(size("gzip -6 of the JSON / JSON", References.gzip(json), json, 1));
      results.addAll(parts(context, records, megabytes, schema, file));
    }
    return new BenchReport(
        name(),
        results,
        List.of(
            "MB are 10^6 bytes of JSON; "
                + records.size()
                + " events, "
                + (long) megabytes
                + " MB.",
            "Reference: DuckDB's read_json_auto to Parquet, typed columns without the payload."));
  }

  /** Where the time goes: each part alone. */
  private static List<BenchResult> parts(
      BenchContext context,
      List<StreamRecord> records,
      double megabytes,
      PayloadSchema schema,
      Path file)
      throws Exception {
    List<BenchResult> parts = new ArrayList<>();
    context.progress().accept("parts");
    parts.add(
        part("part: shredding", measure(context, megabytes, () -> shredAll(records, schema))));
    try (Encoder raw = encoder(EncoderSettings.DEFAULTS, PayloadFormat.RAW)) {
      parts.add(
          part(
              "part: system columns and payload",
              measure(context, megabytes, () -> encode(raw, records, PayloadSchema.EMPTY, file))));
    }
    for (int dictionary : new int[] {200, 2_048, 5_120, 20_480}) {
      EncoderSettings settings = with(1, dictionary);
      parts.addAll(variant(context, records, megabytes, schema, file, settings));
    }
    parts.addAll(variant(context, records, megabytes, schema, file, with(3, 20_480)));
    return parts;
  }

  private static List<BenchResult> variant(
      BenchContext context,
      List<StreamRecord> records,
      double megabytes,
      PayloadSchema schema,
      Path file,
      EncoderSettings settings)
      throws Exception {
    String name =
        "zstd " + settings.zstdLevel() + ", dictionaries to " + settings.dictionaryEntries();
    try (Encoder encoder = encoder(settings, PayloadFormat.JSON)) {
      Speed speed = measure(context, megabytes, () -> encode(encoder, records, schema, file));
      return List.of(
          part("variant: " + name, speed),
          lower("  its size / JSON", Files.size(file) / (megabytes * MB), OptionalDouble.empty()));
    }
  }

  private static EncoderSettings with(int zstdLevel, int dictionaryEntries) {
    EncoderSettings defaults = EncoderSettings.DEFAULTS;
    return new EncoderSettings(
        defaults.database(),
        zstdLevel,
        defaults.rowGroupRows(),
        defaults.rowGroupBytes(),
        defaults.rowGroupCells(),
        defaults.dataPageBytes(),
        dictionaryEntries);
  }

  private static Encoder encoder(EncoderSettings settings, PayloadFormat format) {
    return new Encoder(settings, SchemaSettings.DEFAULTS, format);
  }

  private static Path encode(
      Encoder encoder, List<StreamRecord> records, PayloadSchema schema, Path file) {
    Encoded encoded = (Encoded) encoder.encode(DAY, records, schema, List.of(), file);
    return encoded.file().file();
  }

  private static int shredAll(List<StreamRecord> records, PayloadSchema schema) {
    Shredder shredder =
        PayloadFormat.JSON.shredder(PayloadLayout.of(schema), SchemaSettings.DEFAULTS);
    int understood = 0;
    for (StreamRecord record : records) {
      understood += shredder.shred(record.payload()).decodeError() == null ? 1 : 0;
    }
    return understood;
  }

  /** The schema that the records make, with field ids as a table would give them. */
  private static PayloadSchema schema(List<StreamRecord> records) throws IOException {
    Path unused = Files.createTempFile("watershed-bench", ".parquet");
    try (Encoder encoder = encoder(EncoderSettings.DEFAULTS, PayloadFormat.JSON)) {
      NeedsColumns needs =
          (NeedsColumns) encoder.encode(DAY, records, PayloadSchema.EMPTY, List.of(), unused);
      return new PayloadSchema(numbered(needs.grown().columns(), 100));
    } finally {
      Files.delete(unused);
    }
  }

  private static List<PayloadColumn> numbered(List<PayloadColumn> columns, int from) {
    List<PayloadColumn> numbered = new ArrayList<>();
    int id = from;
    for (PayloadColumn column : columns) {
      numbered.add(
          new PayloadColumn(
              column.key(),
              column.type(),
              column.name(),
              id,
              numbered(column.children(), id * 10)));
      id++;
    }
    return numbered;
  }

  private static Path writeJson(List<StreamRecord> records, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      for (StreamRecord record : records) {
        out.write(record.payload());
        out.write('\n');
      }
    }
    return file;
  }

  /** MB per second of processor time of the whole process, and of wall time. */
  private record Speed(double cpu, double wall) {}

  private static Speed measure(BenchContext context, double megabytes, Callable<?> work)
      throws Exception {
    List<Double> walls = new ArrayList<>();
    double cpu =
        Rounds.of(context)
            .median(
                () -> {
                  long cpuBefore = References.processCpuNanos();
                  long before = System.nanoTime();
                  Object unused = work.call();
                  walls.add(megabytes * 1e9 / (System.nanoTime() - before));
                  return megabytes * 1e9 / (References.processCpuNanos() - cpuBefore);
                });
    List<Double> sorted = walls.stream().skip(walls.size() / 2).sorted().toList();
    return new Speed(cpu, sorted.get(sorted.size() / 2));
  }

  /** An archiver runs for weeks: what the JIT compiler spends in the first seconds says nothing. */
  private static void warmUp(BenchContext context, Callable<?> work) throws Exception {
    for (int i = 0; i < (context.quick() ? 1 : WARM_UP_ROUNDS); i++) {
      Object unused = work.call();
    }
  }

  private static BenchResult part(String name, Speed speed) {
    return higher(name, speed.cpu(), OptionalDouble.empty(), OptionalDouble.empty());
  }

  private static BenchResult higher(
      String name, double figure, OptionalDouble reference, OptionalDouble goal) {
    return new BenchResult(
        name, figure, "MB/s", Better.HIGHER, reference, "DuckDB's read_json_auto", goal);
  }

  private static BenchResult size(String name, Path file, Path json, double goal)
      throws IOException {
    return lower(
        name,
        (double) Files.size(file) / Files.size(json),
        goal < 1 ? OptionalDouble.of(goal) : OptionalDouble.empty());
  }

  private static BenchResult lower(String name, double figure, OptionalDouble goal) {
    return new BenchResult(name, figure, "of 1", Better.LOWER, OptionalDouble.empty(), "", goal);
  }
}
