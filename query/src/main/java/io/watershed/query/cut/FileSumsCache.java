package io.watershed.query.cut;

import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileSums;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Sums of data files, read once: files never change. Thread-safe. */
public final class FileSumsCache {
  /** About 1 KB each. */
  private static final int MAX_ENTRIES = 20_000;

  private final Executor executor;
  private final Map<String, FileSums> cached =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, FileSums> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  /**
   * @param executor reads footers side by side
   */
  public FileSumsCache(Executor executor) {
    this.executor = executor;
  }

  /** The sums of each file, in order. Errors as in {@link ArchiveTable#sums}. */
  public List<FileSums> sums(ArchiveTable table, List<DataFileInfo> files) {
    List<CompletableFuture<FileSums>> reads =
        files.stream()
            .map(file -> CompletableFuture.supplyAsync(() -> sums(table, file), executor))
            .toList();
    return Waiting.forAll(reads);
  }

  private FileSums sums(ArchiveTable table, DataFileInfo file) {
    synchronized (cached) {
      FileSums known = cached.get(file.key());
      if (known != null) {
        return known;
      }
    }
    FileSums read = table.sums(file);
    synchronized (cached) {
      cached.put(file.key(), read);
    }
    return read;
  }
}
