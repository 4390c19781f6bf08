package io.watershed.reservoir.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionSpec;
import org.jspecify.annotations.Nullable;

/**
 * What manifests hold, read once: a manifest never changes, and its name is never used again.
 * Opening one takes as long as describing fifty files, and each commit of a stream makes one. The
 * manifests that were used last stay, up to {@value #MAX_FILES} data files together, of 20 to 40 KB
 * each with 40 columns; one that alone holds more than a tenth of that is read again each time.
 * Thread-safe.
 */
public final class ManifestCache {
  static final int MAX_FILES = 1_000;
  private static final int MAX_FILES_OF_ONE = MAX_FILES / 10;

  private final Map<String, List<DataFile>> manifests = new LinkedHashMap<>(16, 0.75f, true);
  private int files;

  /** An empty cache. */
  public ManifestCache() {}

  /**
   * The data files of a manifest, with all of their metrics; read-only.
   *
   * @throws io.watershed.core.error.WatershedException {@code store} if it cannot be read
   */
  List<DataFile> files(
      ReservoirFileIO io, ManifestFile manifest, Map<Integer, PartitionSpec> specs) {
    String key = io.keyOf(manifest.path());
    List<DataFile> known = find(key);
    if (known != null) {
      return known;
    }
    List<DataFile> read = new ArrayList<>();
    try (ManifestReader<DataFile> reader = ManifestFiles.read(manifest, io, specs)) {
      reader.forEach(file -> read.add(file.copy()));
    } catch (IOException e) {
      throw FileList.unreadable(manifest, e);
    }
    keep(key, List.copyOf(read));
    return read;
  }

  /** Whether a manifest is worth keeping; a large one is read in passing, file by file. */
  static boolean isKept(ManifestFile manifest) {
    Integer added = manifest.addedFilesCount();
    Integer existing = manifest.existingFilesCount();
    return added != null && existing != null && added + existing <= MAX_FILES_OF_ONE;
  }

  private synchronized @Nullable List<DataFile> find(String key) {
    return manifests.get(key);
  }

  private synchronized void keep(String key, List<DataFile> read) {
    if (manifests.putIfAbsent(key, read) != null) {
      return;
    }
    files += read.size();
    var oldest = manifests.values().iterator();
    while (files > MAX_FILES) {
      files -= oldest.next().size();
      oldest.remove();
    }
  }

  /** How many data files it holds now. */
  synchronized int size() {
    return files;
  }
}
