package io.watershed.query.view;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of live records that statements of one live read have in common: the first one that wants
 * some columns writes them, others wait for it. Closing deletes them. Thread-safe.
 */
public final class SharedFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SharedFiles.class);

  private final Path temporary;
  private final Semaphore writing;
  private final Map<List<String>, Slot> slots = new HashMap<>();
  private final List<Path> written = new ArrayList<>();

  /**
   * Of one live read.
   *
   * @param temporary a folder for them
   * @param writing a permit for each that may be written at a time: decoding takes processors that
   *     an archiver of the same process needs
   */
  public SharedFiles(Path temporary, Semaphore writing) {
    this.writing = writing;
    this.temporary = temporary.toAbsolutePath();
  }

  /** Serializes those who want the same columns. */
  private static final class Slot {
    private Path file = Path.of("");
    private boolean done;
  }

  /**
   * The file with these columns.
   *
   * @param writer makes the file; if that fails, the next one tries
   */
  Path file(List<String> columns, Consumer<Path> writer) {
    Slot slot;
    synchronized (this) {
      slot = slots.computeIfAbsent(List.copyOf(columns), wanted -> new Slot());
    }
    synchronized (slot) {
      if (!slot.done) {
        Path file = newFile();
        writing.acquireUninterruptibly();
        try {
          writer.accept(file);
        } finally {
          writing.release();
        }
        slot.file = file;
        slot.done = true;
      }
      return slot.file;
    }
  }

  private synchronized Path newFile() {
    try {
      Files.createDirectories(temporary);
      Path file = Files.createTempFile(temporary, "records", ".parquet");
      written.add(file);
      return file;
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.INTERNAL,
          "a file for live records cannot be made: " + e.getMessage(),
          "It needs " + temporary + " to be writable.",
          e);
    }
  }

  @Override
  public synchronized void close() {
    for (Path file : written) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        LOG.warn("the temporary file {} is left behind: {}", file, e.getMessage());
      }
    }
  }
}
