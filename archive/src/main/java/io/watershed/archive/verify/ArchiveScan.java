package io.watershed.archive.verify;

import io.watershed.archive.verify.LocalFiles.Local;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.stream.Incarnation;
import io.watershed.duckdb.SqlText;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileFilter;
import io.watershed.reservoir.table.TableState;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads archived records that were not imported, by their time of arrival. Close it. */
public final class ArchiveScan implements AutoCloseable {
  private static final PayloadLayout NO_COLUMNS = PayloadLayout.of(PayloadSchema.EMPTY);
  private static final String NOT_IMPORTED =
      "_incarnation <> " + SqlText.literal(Incarnation.IMPORT.id());

  private final LocalFiles files;
  private final RowReader reader = new RowReader();

  /**
   * @param temporary a folder for copies of files
   */
  public ArchiveScan(ObjectStore store, Path temporary) {
    this.files = new LocalFiles(store, temporary);
  }

  /** When the first record arrived that was not imported; empty if there is none. */
  public Optional<Instant> firstArrival(ArchiveTable table, TableState state) {
    TreeMap<LocalDate, List<DataFileInfo>> days = new TreeMap<>();
    for (DataFileInfo file : table.files(state)) {
      days.merge(file.day(), List.of(file), ArchiveScan::both);
    }
    for (List<DataFileInfo> day : days.values()) {
      Optional<Long> first =
          day.stream()
              .filter(ArchiveScan::mayHoldArchived)
              .flatMap(file -> first(file).stream())
              .min(Comparator.naturalOrder());
      if (first.isPresent()) {
        return first.map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
      }
    }
    return Optional.empty();
  }

  /** The payloads of records that arrived in [from, before) and were not imported. */
  public void payloads(
      ArchiveTable table, TableState state, Instant from, Instant before, Consumer<byte[]> sink) {
    String where =
        NOT_IMPORTED
            + " AND _arrival_time >= make_timestamptz("
            + micros(from)
            + ") AND _arrival_time < make_timestamptz("
            + micros(before)
            + ")";
    FileFilter filter = FileFilter.arrivedBetween(Optional.of(from), Optional.of(before));
    for (DataFileInfo file : table.files(state, filter)) {
      if (mayHoldArchived(file)) {
        read(file, where, row -> sink.accept(row.payload()));
      }
    }
  }

  private Optional<Long> first(DataFileInfo file) {
    long[] lowest = {Long.MAX_VALUE};
    read(file, NOT_IMPORTED, row -> lowest[0] = Math.min(lowest[0], row.arrivalMicros()));
    return lowest[0] == Long.MAX_VALUE ? Optional.empty() : Optional.of(lowest[0]);
  }

  private void read(DataFileInfo file, String where, Consumer<ArchivedRow> sink) {
    try (Local local = files.open(file)) {
      reader.read(local.path(), file.key(), NO_COLUMNS, where, (row, cells) -> sink.accept(row));
    }
  }

  /** Files of an import hold nothing else, until they are compacted. */
  private static boolean mayHoldArchived(DataFileInfo file) {
    return file.maxShard().map(shard -> !Incarnation.isImport(shard.incarnation())).orElse(true);
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private static List<DataFileInfo> both(List<DataFileInfo> one, List<DataFileInfo> other) {
    return java.util.stream.Stream.concat(one.stream(), other.stream()).toList();
  }

  @Override
  public void close() {
    reader.close();
  }
}
