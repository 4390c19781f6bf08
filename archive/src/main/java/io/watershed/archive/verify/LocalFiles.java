package io.watershed.archive.verify;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Optional;

/** Data files on this machine: as they are in a folder, or copied one at a time from a store. */
public final class LocalFiles {
  private final ObjectStore store;
  private final Path temporary;

  /**
   * @param temporary a folder for copies
   */
  public LocalFiles(ObjectStore store, Path temporary) {
    this.store = store;
    this.temporary = temporary;
  }

  /**
   * A file to read.
   *
   * @param path where it is
   * @param copied whether closing deletes it
   */
  public record Local(Path path, boolean copied) implements AutoCloseable {
    @Override
    public void close() {
      if (!copied) {
        return;
      }
      try {
        Files.deleteIfExists(path);
      } catch (IOException ignored) {
        // A temporary file that stays behind harms nobody.
      }
    }
  }

  /**
   * Fetches one file, and compares its bytes with the digest in its name: damaged ones are nothing
   * for native code.
   *
   * @throws WatershedException {@code integrity} if they differ, {@code store} and the like
   */
  public Local open(DataFileInfo file) {
    Optional<Path> local = store.localPath(file.key());
    if (local.isPresent()) {
      requireIntact(file.key(), FileDigest.of(local.get()));
      return new Local(local.get(), false);
    }
    return copy(file.key());
  }

  private static void requireIntact(String key, String digest) {
    if (FileDigest.inKey(key).filter(named -> !named.equals(digest)).isPresent()) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "Its bytes are not those that were written",
          "Restore the file from a backup of the reservoir.");
    }
  }

  private Local copy(String key) {
    try {
      Path copy = Files.createTempFile(temporary, "file-", ".parquet");
      MessageDigest sha = FileDigest.sha256();
      try (InputStream in = new DigestInputStream(store.open(key), sha)) {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        requireIntact(key, FileDigest.text(sha));
        return new Local(copy, true);
      } catch (IOException | RuntimeException e) {
        Files.deleteIfExists(copy);
        throw e;
      }
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.STORE,
          "'" + key + "' could not be copied to this machine: " + e.getMessage(),
          "Check the disk of java.io.tmpdir and the connection.",
          e);
    }
  }
}
