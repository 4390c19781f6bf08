package io.watershed.cut;

import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileSums;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.IntStream;

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
            .map(file -> CompletableFuture.supplyAsync(() -> sums(file, table::sums), executor))
            .toList();
    return Waiting.forAll(reads);
  }

  /** The same, of files that are on this machine. */
  public List<FileSums> sums(ArchiveTable table, List<DataFileInfo> files, List<Path> paths) {
    return Waiting.forAll(
        IntStream.range(0, files.size())
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> sums(files.get(i), f -> table.sums(f, paths.get(i))), executor))
            .toList());
  }

  private FileSums sums(DataFileInfo file, Function<DataFileInfo, FileSums> reader) {
    synchronized (cached) {
      FileSums known = cached.get(file.key());
      if (known != null) {
        return known;
      }
    }
    FileSums read = reader.apply(file);
    synchronized (cached) {
      cached.put(file.key(), read);
    }
    return read;
  }
}
