package io.watershed.archive.verify;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** What sorted positions may take of memory; the rest goes to temporary files. Thread-safe. */
final class RunMemory {
  private final Path folder;
  private final long maxBytes;
  private final AtomicLong used = new AtomicLong();

  RunMemory(Path folder, long maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  boolean take(long bytes) {
    if (used.addAndGet(bytes) <= maxBytes) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    used.addAndGet(-bytes);
  }

  Path spill(byte[] positions) {
    try {
      Path file = Files.createTempFile(folder, "positions-", ".run");
      Files.write(file, positions);
      return file;
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.STORE,
          "Positions cannot be written to " + folder + ": " + e.getMessage(),
          "Free some space there, or set java.io.tmpdir to a larger disk.",
          e);
    }
  }
}
