package io.watershed.query.view;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps those who fill a cache folder and those who evict from it apart, in this process and in
 * others: many may fill at once, one evicts alone. Java's own file locks belong to the whole
 * process, so that there is one of these per folder. Thread-safe.
 */
final class CacheLock {
  private static final Map<Path, CacheLock> LOCKS = new ConcurrentHashMap<>();

  private final Path file;
  private int fillers;
  private @Nullable FileLock shared;

  private CacheLock(Path file) {
    this.file = file;
  }

  static CacheLock of(Path folder) {
    Path file = folder.toAbsolutePath().normalize().resolve("lock");
    return LOCKS.computeIfAbsent(file, CacheLock::new);
  }

  interface Release extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  /** Waits until nobody evicts, and keeps it so until closed. */
  synchronized Release fill() throws IOException {
    if (fillers == 0) {
      shared = lock(open(), true);
    }
    fillers++;
    return this::filled;
  }

  private synchronized void filled() throws IOException {
    if (--fillers == 0 && shared != null) {
      shared.channel().close();
      shared = null;
    }
  }

  interface Eviction {
    void run() throws IOException;
  }

  /** Evicts, unless somebody fills just now; returns whether it did. */
  synchronized boolean evict(Eviction eviction) throws IOException {
    if (fillers > 0) {
      return false;
    }
    try (FileChannel channel = open();
        FileLock alone = channel.tryLock()) {
      if (alone == null) {
        return false;
      }
      eviction.run();
      return true;
    }
  }

  private FileChannel open() throws IOException {
    Files.createDirectories(file.getParent());
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static FileLock lock(FileChannel channel, boolean shared) throws IOException {
    return channel.lock(0, Long.MAX_VALUE, shared);
  }
}
