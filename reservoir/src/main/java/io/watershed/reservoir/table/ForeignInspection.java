package io.watershed.reservoir.table;

import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;

/** Compares a foreign snapshot with watershed's own newest one, file by file. */
final class ForeignInspection {
  private final FileIO io;
  private final TableMetadata table;

  ForeignInspection(FileIO io, TableMetadata table) {
    this.io = io;
    this.table = table;
  }

  /**
   * @param trouble what a reader was refused with
   * @param own the state at watershed's own newest snapshot
   */
  ForeignChange describe(WatershedException trouble, Optional<TableState> own) {
    Optional<Snapshot> current = Optional.ofNullable(table.currentSnapshot());
    Optional<Snapshot> ours = own.flatMap(state -> snapshot(state.snapshotId()));
    Set<String> there = current.map(this::locations).orElse(Set.of());
    Set<String> before = ours.map(this::locations).orElse(Set.of());
    return new ForeignChange(
        String.valueOf(trouble.getMessage()),
        current.map(s -> OptionalLong.of(s.snapshotId())).orElse(OptionalLong.empty()),
        current.map(Snapshot::operation).map(String::valueOf).orElse("none"),
        own,
        own.isPresent() ? without(there, before) : List.of(),
        without(before, there),
        current.map(this::deleteFiles).orElse(0L));
  }

  private Optional<Snapshot> snapshot(OptionalLong id) {
    return id.isPresent() ? Optional.ofNullable(table.snapshot(id.getAsLong())) : Optional.empty();
  }

  private Set<String> locations(Snapshot snapshot) {
    Set<String> locations = new TreeSet<>();
    for (ManifestFile manifest : snapshot.dataManifests(io)) {
      try (ManifestReader<DataFile> reader = ManifestFiles.read(manifest, io, table.specsById())) {
        for (DataFile file : reader) {
          locations.add(file.location());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return locations;
  }

  private long deleteFiles(Snapshot snapshot) {
    long files = 0;
    for (ManifestFile manifest : snapshot.deleteManifests(io)) {
      Integer added = manifest.addedFilesCount();
      Integer existing = manifest.existingFilesCount();
      files += (added == null ? 0 : added) + (existing == null ? 0 : existing);
    }
    return files;
  }

  private static List<String> without(Collection<String> all, Collection<String> others) {
    Set<String> rest = new HashSet<>(others);
    return all.stream().filter(location -> !rest.contains(location)).toList();
  }
}
