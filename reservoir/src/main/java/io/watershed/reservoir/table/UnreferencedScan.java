package io.watershed.reservoir.table;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import io.watershed.reservoir.table.MetadataVersions.Version;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Finds what no metadata version that is still there names, directly or through its snapshots, and
 * what nobody can come to name. A version is there for a day after the next one was made ({@link
 * OldVersions}): that day is the grace of readers, whose files are those of a version that they
 * read. Let {@code low} be the lowest version that is there.
 *
 * <p>Kept is, first, what {@code low} or the newest version names. Second, what came after {@code
 * low}: all that is younger than it by the store's clock, and all data files whose number in their
 * name is higher than {@code low}'s. That covers every version in between, since a file that such a
 * version names is either named by {@code low} or was committed after it: an archiver's with a
 * higher generation, maintenance's with a higher maintenance number, a manifest or lineage object
 * by a try that began on a later version, and so at a later time.
 *
 * <p>What is left has no reader. It has no writer either: manifests and lineage objects belong to
 * one try, which fails because its next version is taken; data files to one generation or
 * maintenance number, and the table is past it. Only files that are numbered beyond the newest
 * version may still be committed, by a writer that sleeps; they need {@link ArchiveTable#fenceAll}
 * first (PROTOCOL 3.5).
 */
final class UnreferencedScan {
  /** The clock of the store may differ by this much between two objects. */
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);

  private static final Pattern DATA =
      Pattern.compile("_arrival_time_day=[0-9-]{10}/(r?)(\\d{8,18})-[0-9a-f-]+\\.parquet");
  private static final Pattern METADATA =
      Pattern.compile("[0-9A-Za-z_-]+\\.avro|lineage-[0-9a-f-]+\\.text");

  private final TableFolder folder;
  private final MetadataVersions versions;
  private final long maxBytes;

  UnreferencedScan(TableFolder folder, MetadataVersions versions, long maxBytes) {
    this.folder = folder;
    this.versions = versions;
    this.maxBytes = maxBytes;
  }

  Unreferenced find(int atMost) {
    List<Version> present = OldVersions.live(versions.list());
    if (present.size() < 2) {
      return Unreferenced.NONE; // nothing was superseded yet
    }
    Version lowest = present.get(0);
    Optional<TableMetadata> low = versions.read(lowest.number());
    Optional<TableMetadata> newest = versions.read(present.get(present.size() - 1).number());
    if (low.isEmpty() || newest.isEmpty()) {
      return Unreferenced.NONE; // others clean up at this moment
    }
    References kept = new References();
    kept.add(low.get());
    kept.add(newest.get());
    return new Sorting(
            low.get(), newest.get(), kept, lowest.lastModified().minus(CLOCK_SKEW), atMost)
        .run();
  }

  /** The names that metadata objects hold. */
  private final class References {
    private final KeySet keys = new KeySet();
    private final Set<String> manifests = new HashSet<>();

    void add(TableMetadata table) {
      ReservoirFileIO io = new ReservoirFileIO(folder, maxBytes);
      io.recordedLocation(table.location());
      String lineage = table.properties().get(BookkeepingProperties.LINEAGE);
      if (lineage != null) {
        keys.add(folder.metadataKey(lineage));
      }
      for (Snapshot snapshot : table.snapshots()) {
        String list = io.keyOf(snapshot.manifestListLocation());
        if (manifests.add(list)) {
          keys.add(list);
          for (ManifestFile manifest : snapshot.allManifests(io)) {
            add(table, io, manifest);
          }
        }
      }
    }

    private void add(TableMetadata table, ReservoirFileIO io, ManifestFile manifest) {
      String key = io.keyOf(manifest.path());
      if (!manifests.add(key)) {
        return;
      }
      keys.add(key);
      try (ManifestReader<DataFile> reader =
              ManifestFiles.read(manifest, io, table.specsById()).select(List.of("file_path"));
          CloseableIterable<DataFile> files = CloseableIterable.withNoopClose(reader)) {
        for (DataFile file : files) {
          keys.add(io.keyOf(file.location()));
        }
      } catch (IOException e) {
        throw new WatershedException(
            ErrorCode.STORE, "Cannot read the manifest " + key, "Try again.", e);
      }
    }
  }

  /** One pass over the objects that are there. */
  private final class Sorting {
    private final TableMetadata low;
    private final TableMetadata newest;
    private final References kept;
    private final Instant before;
    private final int atMost;
    private final List<ObjectInfo> removable = new ArrayList<>();
    private final List<ObjectInfo> afterFence = new ArrayList<>();

    Sorting(TableMetadata low, TableMetadata newest, References kept, Instant before, int atMost) {
      this.low = low;
      this.newest = newest;
      this.kept = kept;
      this.before = before;
      this.atMost = atMost;
    }

    Unreferenced run() {
      boolean complete = sort(folder.metadataKey("")) && sort(folder.dataKey(""));
      return new Unreferenced(removable, afterFence, complete);
    }

    private boolean sort(String prefix) {
      for (ObjectInfo object : folder.store().list(prefix)) {
        if (removable.size() + afterFence.size() >= atMost) {
          return false;
        }
        if (object.lastModified().isBefore(before) && !kept.keys.mayHold(object.key())) {
          sort(object, object.key().substring(prefix.length()));
        }
      }
      return true;
    }

    private void sort(ObjectInfo object, String name) {
      if (METADATA.matcher(name).matches()) {
        removable.add(object);
        return;
      }
      Matcher data = DATA.matcher(name);
      if (!data.matches()) {
        return; // not ours to judge
      }
      boolean rewritten = data.group(1).equals("r");
      long number = Long.parseLong(data.group(2));
      if (number <= number(low, rewritten)) {
        removable.add(object);
      } else if (number > number(newest, rewritten)) {
        afterFence.add(object);
      }
    }

    private static long number(TableMetadata table, boolean rewritten) {
      return rewritten
          ? BookkeepingProperties.maintenance(table.properties())
          : BookkeepingProperties.generation(
              table.properties().get(BookkeepingProperties.GENERATION));
    }
  }
}
