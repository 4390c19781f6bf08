package io.watershed.query.view;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.cut.Waiting;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.table.DataFileInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Data files of a disk reservoir in place; those of a remote one as whole files in a local folder.
 * Files never change, so a cached one is right for ever if its size is. The least recently used
 * ones go when the folder is over its bound; several processes may share it.
 */
public final class FileCache implements LocalFiles {
  private static final Logger LOG = LoggerFactory.getLogger(FileCache.class);

  /** A file that was used this recently may belong to a running statement, ours or not. */
  private static final Duration IN_USE = Duration.ofMinutes(15);

  private final ObjectStore store;
  private final Path folder;
  private final long maxBytes;
  private final Executor executor;
  private final InstantSource clock;

  /**
   * @param folder made when it is first needed
   * @param maxBytes bound of the cached files
   * @param executor downloads side by side
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
  public List<Path> localize(List<DataFileInfo> files) {
    List<Optional<Path>> inPlace = files.stream().map(file -> store.localPath(file.key())).toList();
    if (inPlace.stream().allMatch(Optional::isPresent)) {
      List<Path> paths = inPlace.stream().flatMap(Optional::stream).toList();
      for (int i = 0; i < files.size(); i++) {
        checkSize(files.get(i), paths.get(i));
      }
      return paths;
    }
    long wanted = files.stream().mapToLong(DataFileInfo::sizeBytes).sum();
    if (wanted > maxBytes) {
      throw new WatershedException(
          ErrorCode.LIMIT,
          "the statement needs "
              + (wanted >> 20)
              + " MiB of data files; the local cache may hold "
              + (maxBytes >> 20)
              + " MiB",
          "Raise the cache's bound, or run where the reservoir is.");
    }
    makeRoom(wanted);
    List<CompletableFuture<Path>> fetches =
        files.stream()
            .map(file -> CompletableFuture.supplyAsync(() -> fetch(file), executor))
            .toList();
    return Waiting.forAll(fetches);
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

  private static WatershedException broken(DataFileInfo file, String how) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "the data file " + file.key() + " " + how,
        "Run 'watershed verify' for the whole picture, and restore the file from a backup.");
  }

  private Path fetch(DataFileInfo file) {
    Path cached = folder.resolve(hash(file.key()) + ".parquet");
    try {
      if (Files.exists(cached) && Files.size(cached) == file.sizeBytes()) {
        Files.setLastModifiedTime(cached, FileTime.from(clock.instant()));
        return cached;
      }
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, "fetch", ".part");
      try {
        try (InputStream in = store.open(file.key())) {
          Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        }
        checkSize(file, part);
        Files.setLastModifiedTime(part, FileTime.from(clock.instant()));
        Files.move(
            part, cached, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
      return cached;
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.STORE,
          "the data file " + file.key() + " cannot be copied to " + folder + ": " + e.getMessage(),
          "Check the folder's free space and permissions.",
          e);
    }
  }

  /** Deletes what was not used for longest, until the wanted bytes fit as well. */
  private synchronized void makeRoom(long wanted) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Cached> files = cachedFiles();
    long total = wanted + files.stream().mapToLong(Cached::bytes).sum();
    Instant inUse = clock.instant().minus(IN_USE);
    for (Cached file : files) {
      if (total <= maxBytes) {
        return;
      }
      if (file.usedAt().isBefore(inUse) && delete(file.path())) {
        total -= file.bytes();
      }
    }
  }

  private record Cached(Path path, long bytes, Instant usedAt) {}

  private List<Cached> cachedFiles() {
    List<Cached> files = new ArrayList<>();
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : paths.toList()) {
        try {
          files.add(
              new Cached(path, Files.size(path), Files.getLastModifiedTime(path).toInstant()));
        } catch (NoSuchFileException e) {
          LOG.debug("another process removed {}", path.getFileName());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    files.sort(Comparator.comparing(Cached::usedAt));
    return files;
  }

  private static boolean delete(Path path) {
    try {
      return Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.warn("the cached file {} cannot be deleted: {}", path.getFileName(), e.getMessage());
      return false;
    }
  }

  private static String hash(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
