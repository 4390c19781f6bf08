package io.watershed.query.view;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.Waiting;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.table.DataFileInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Data files of a disk reservoir in place; those of a remote one as sparse files in a local folder,
 * which hold the footer and the columns that statements asked for (docs/decisions/0004). Files
 * never change, so what is there is right for ever. The least recently used ones go when the folder
 * is over its bound; several processes may share it.
 */
public final class FileCache implements LocalFiles {
  /** A file that was used this recently may belong to a running statement, ours or not. */
  private static final Duration IN_USE = Duration.ofMinutes(15);

  private final ObjectStore store;
  private final Path folder;
  private final long maxBytes;
  private final Executor executor;
  private final InstantSource clock;

  /**
   * @param folder made when it is first needed
   * @param maxBytes bound of the bytes that are there, in all files
   * @param executor fetches side by side
   */
  public FileCache(
      ObjectStore store, Path folder, long maxBytes, Executor executor, InstantSource clock) {
    this.store = store;
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.executor = executor;
    this.clock = clock;
  }

  @Override
  public Localized localize(List<DataFileInfo> files, Optional<Set<String>> columns) {
    List<Optional<Path>> inPlace = files.stream().map(file -> store.localPath(file.key())).toList();
    if (inPlace.stream().allMatch(Optional::isPresent)) {
      List<Path> paths = inPlace.stream().flatMap(Optional::stream).toList();
      for (int i = 0; i < files.size(); i++) {
        checkSize(files.get(i), paths.get(i));
      }
      return new Localized(paths, 0);
    }
    try {
      Localized localized;
      try (CacheLock.Release held = CacheLock.of(folder).fill()) {
        localized = fillAgain(files, columns);
      }
      if (localized.bytesFetched() > 0) {
        CacheLock.of(folder).evict(this::makeRoom);
      }
      return localized;
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** An object that was replaced has a local file of its own: one more attempt finds it. */
  private Localized fillAgain(List<DataFileInfo> files, Optional<Set<String>> columns)
      throws IOException {
    Map<String, Fill> fills = new LinkedHashMap<>();
    try {
      return fill(files, columns, fills);
    } catch (WatershedException e) {
      if (fills.values().stream().noneMatch(Fill::replaced)) {
        throw e;
      }
      return fill(files, columns, new LinkedHashMap<>());
    }
  }

  private Localized fill(
      List<DataFileInfo> files, Optional<Set<String>> columns, Map<String, Fill> fills)
      throws IOException {
    try {
      for (DataFileInfo file : files) {
        if (!fills.containsKey(file.key())) {
          fills.put(file.key(), new Fill(store, new LocalCopy(folder, file)));
        }
      }
      List<Fill> all = List.copyOf(fills.values());
      each(all, fill -> fill.plan(columns));
      long wanted = all.stream().mapToLong(Fill::bytesNeeded).sum();
      if (wanted > maxBytes) {
        throw tooLarge(wanted);
      }
      each(all.stream().flatMap(fill -> fill.pieces().stream()).toList(), Runnable::run);
      each(all, Fill::commit);
      for (Fill fill : all) {
        Files.setLastModifiedTime(fill.path(), FileTime.from(clock.instant()));
      }
      List<Path> paths =
          files.stream().map(file -> Objects.requireNonNull(fills.get(file.key())).path()).toList();
      return new Localized(paths, all.stream().mapToLong(Fill::bytesFetched).sum());
    } finally {
      for (Fill fill : fills.values()) {
        fill.close();
      }
    }
  }

  private <T> void each(List<T> items, Consumer<T> task) {
    List<CompletableFuture<Void>> tasks =
        items.stream()
            .map(item -> CompletableFuture.runAsync(() -> task.accept(item), executor))
            .toList();
    Waiting.forAll(tasks);
  }

  private WatershedException tooLarge(long wanted) {
    return new WatershedException(
        ErrorCode.LIMIT,
        "the statement needs "
            + (wanted >> 20)
            + " MiB of data files; the local cache may hold "
            + (maxBytes >> 20)
            + " MiB",
        "Name fewer columns, filter on _arrival_time, or raise the cache's bound.");
  }

  private WatershedException unwritable(IOException e) {
    return new WatershedException(
        ErrorCode.STORE,
        "data files cannot be kept in " + folder + ": " + e.getMessage(),
        "Check the folder's free space and permissions.",
        e);
  }

  private static void checkSize(DataFileInfo file, Path path) {
    long size;
    try {
      size = Files.size(path);
    } catch (NoSuchFileException e) {
      throw broken(file, "is missing");
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.STORE,
          "the data file " + file.key() + " cannot be read: " + e.getMessage(),
          "Check the folder's permissions.",
          e);
    }
    if (size != file.sizeBytes()) {
      throw broken(file, "has " + size + " bytes, not " + file.sizeBytes());
    }
  }

  static WatershedException broken(DataFileInfo file, String how) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "the data file " + file.key() + " " + how,
        "Run 'watershed verify' for the whole picture, and restore the file from a backup.");
  }

  /** Deletes what was not used for longest, until the rest fits. */
  private void makeRoom() throws IOException {
    List<Cached> files = cachedFiles();
    long total = files.stream().mapToLong(Cached::bytes).sum();
    Instant inUse = clock.instant().minus(IN_USE);
    for (Cached file : files) {
      if (total <= maxBytes) {
        return;
      }
      if (file.usedAt().isBefore(inUse)) {
        LocalCopy.delete(file.path());
        total -= file.bytes();
      }
    }
  }

  private record Cached(Path path, long bytes, Instant usedAt) {}

  private List<Cached> cachedFiles() throws IOException {
    List<Cached> files = new ArrayList<>();
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : paths.filter(p -> p.toString().endsWith(LocalCopy.DATA_SUFFIX)).toList()) {
        List<ByteRange> present = SparseFile.recorded(SparseFile.recordOf(path));
        long bytes = ByteRange.total(ByteRange.merge(present, 0));
        files.add(new Cached(path, bytes, Files.getLastModifiedTime(path).toInstant()));
      }
    }
    files.sort(Comparator.comparing(Cached::usedAt));
    return files;
  }
}
