package io.watershed.reservoir.table;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.SystemColumn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Describes every data file of a snapshot from its manifests; no data file is opened. */
final class FileList {
  private final ReservoirFileIO io;
  private final TableMetadata table;
  private final Map<Long, Long> snapshots = new HashMap<>();

  FileList(ReservoirFileIO io, TableMetadata table) {
    this.io = io;
    this.table = table;
    table.snapshots().forEach(s -> snapshots.put(s.sequenceNumber(), s.snapshotId()));
  }

  List<ListedFile> of(Snapshot snapshot) {
    List<ListedFile> files = new ArrayList<>();
    for (ManifestFile manifest : snapshot.dataManifests(io)) {
      try (ManifestReader<DataFile> reader = ManifestFiles.read(manifest, io, table.specsById())) {
        reader.forEach(file -> files.add(describe(file)));
      } catch (IOException e) {
        throw unreadable(manifest, e);
      }
    }
    files.sort(Comparator.comparing(ListedFile::key));
    return List.copyOf(files);
  }

  static WatershedException unreadable(ManifestFile manifest, IOException cause) {
    return new WatershedException(
        ErrorCode.STORE,
        "Cannot read the manifest " + manifest.path(),
        "Try again; if it persists, run 'watershed verify'.",
        cause);
  }

  private ListedFile describe(DataFile file) {
    Long sequence = file.fileSequenceNumber();
    Long snapshot = sequence == null ? null : snapshots.get(sequence);
    List<Long> rowGroups = file.splitOffsets();
    return new ListedFile(
        io.keyOf(file.location()),
        LocalDate.ofEpochDay(file.partition().get(0, Integer.class)),
        file.recordCount(),
        file.fileSizeInBytes(),
        optional(sequence),
        optional(snapshot),
        arrival(file.lowerBounds()),
        arrival(file.upperBounds()),
        rowGroups == null ? OptionalInt.empty() : OptionalInt.of(rowGroups.size()));
  }

  private static OptionalLong optional(@Nullable Long number) {
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  private static Optional<Instant> arrival(@Nullable Map<Integer, ByteBuffer> bounds) {
    ByteBuffer bound = bounds == null ? null : bounds.get(SystemColumn.ARRIVAL_TIME.fieldId());
    if (bound == null) {
      return Optional.empty();
    }
    Long micros = Conversions.fromByteBuffer(Types.TimestampType.withZone(), bound);
    return Optional.of(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
  }
}
