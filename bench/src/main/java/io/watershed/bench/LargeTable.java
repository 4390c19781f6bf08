package io.watershed.bench;

import io.watershed.core.record.SystemColumn;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/**
 * A table with the metadata of very many data files, which do not exist themselves: a real one with
 * one real file, and appends of entries like that file's with bounds of their own. Appended by
 * Iceberg as our commits do, so its manifests are merged as theirs are.
 */
final class LargeTable {
  static final String STREAM = "orders";
  static final Instant START = Instant.parse("2021-01-01T00:00:00Z");

  /** As compaction leaves days of 6 GB of payloads. */
  static final int FILES_A_DAY = 96;

  private static final Duration FILE_TIME = Duration.ofDays(1).dividedBy(FILES_A_DAY);
  private static final int FILES_A_COMMIT = 240;
  private static final int SNAPSHOTS_KEPT = 100;
  private static final String GENERATION = "watershed.generation";

  private final LocalTableOperations operations;
  private final BaseTable table;
  private final DataFile example;

  private LargeTable(LocalTableOperations operations) throws IOException {
    this.operations = operations;
    this.table = new BaseTable(operations, STREAM, report -> {});
    try (CloseableIterable<FileScanTask> files = table.newScan().includeColumnStats().planFiles()) {
      this.example = files.iterator().next().file();
    }
  }

  /** When the last of so many files ends. */
  static Instant end(int files) {
    return START.plus(FILE_TIME.multipliedBy(files));
  }

  /**
   * Makes the table, with the one real file besides.
   *
   * @param reservoir on disk
   * @param root its folder
   */
  static void make(Reservoir reservoir, Path root, int files, Consumer<String> progress)
      throws IOException {
    ArchiveTable archive = reservoir.createOrLoad(STREAM);
    Path folder = root.resolveSibling("files");
    java.nio.file.Files.createDirectories(folder);
    try (YearsTable years = new YearsTable(archive, folder)) {
      years.commit(START, 1);
    }
    TableState state = archive.load();
    LargeTable large = new LargeTable(new LocalTableOperations(root.resolve(STREAM)));
    for (int made = 0; made < files; made += FILES_A_COMMIT) {
      large.append(made, Math.min(files, made + FILES_A_COMMIT), state.generation());
      if (made % (FILES_A_COMMIT * 100) == 0) {
        progress.accept("%,d files".formatted(made));
      }
    }
    large.forgetSnapshots();
  }

  private void append(int from, int to, long generation) {
    AppendFiles append = table.newAppend().set(GENERATION, Long.toString(generation));
    for (int number = from; number < to; number++) {
      append.appendFile(file(number));
    }
    append.commit();
  }

  private DataFile file(int number) {
    Instant first = START.plus(FILE_TIME.multipliedBy(number));
    Instant last = first.plus(FILE_TIME).minusMillis(1);
    LocalDate day = LocalDate.ofInstant(first, ZoneOffset.UTC);
    Map<Integer, ByteBuffer> lower = new HashMap<>(example.lowerBounds());
    Map<Integer, ByteBuffer> upper = new HashMap<>(example.upperBounds());
    lower.put(SystemColumn.ARRIVAL_TIME.fieldId(), time(first));
    upper.put(SystemColumn.ARRIVAL_TIME.fieldId(), time(last));
    lower.put(SystemColumn.SEQUENCE_NUMBER.fieldId(), sequence(2L * number));
    upper.put(SystemColumn.SEQUENCE_NUMBER.fieldId(), sequence(2L * number + 1));
    Metrics metrics =
        new Metrics(
            OrdersTable.FILE_RECORDS + (long) number % 7,
            example.columnSizes(),
            example.valueCounts(),
            example.nullValueCounts(),
            example.nanValueCounts(),
            lower,
            upper);
    return DataFiles.builder(table.spec())
        .copy(example)
        .withPath(example.location().replaceFirst("\\.parquet$", "-" + number + ".parquet"))
        .withPartitionValues(List.of(day.toString()))
        .withFileSizeInBytes(21_000_000L + number)
        .withMetrics(metrics)
        .build();
  }

  private static ByteBuffer time(Instant time) {
    return Conversions.toByteBuffer(
        Types.TimestampType.withZone(), ChronoUnit.MICROS.between(Instant.EPOCH, time));
  }

  private static ByteBuffer sequence(long number) {
    return Conversions.toByteBuffer(
        Types.StringType.get(), String.format(Locale.ROOT, "000000004965%052d", number));
  }

  /** As our commits do: a bounded number of snapshots stays in the metadata. */
  private void forgetSnapshots() {
    TableMetadata all = operations.refresh();
    long newest = all.lastSequenceNumber();
    operations.commit(
        all,
        all.removeSnapshotsIf(snapshot -> snapshot.sequenceNumber() <= newest - SNAPSHOTS_KEPT));
  }
}
