package io.watershed.core.scratch;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder on a local disk, deleted with all that is in it when it is closed. What cannot be
 * deleted stays behind in the temporary folder, and harms nobody. Thread-safe.
 *
 * @param path the folder
 */
public record ScratchFolder(Path path) implements AutoCloseable {
  /**
   * A new one in the machine's temporary folder ({@code java.io.tmpdir}).
   *
   * @param purpose part of its name, such as {@code verify}
   * @throws WatershedException {@code store}
   */
  public static ScratchFolder temporary(String purpose) {
    try {
      return new ScratchFolder(Files.createTempDirectory("watershed-" + purpose + "-"));
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.STORE,
          "No temporary folder could be made: " + e.getMessage(),
          "Set -Djava.io.tmpdir to a folder on a disk that is writable and not full.",
          e);
    }
  }

  /**
   * A new one in an existing folder.
   *
   * @param purpose part of its name
   * @throws WatershedException {@code store}
   */
  public static ScratchFolder in(Path parent, String purpose) {
    try {
      return new ScratchFolder(Files.createTempDirectory(parent, purpose + "-"));
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.STORE,
          "No folder could be made in " + parent + ": " + e.getMessage(),
          "Check that the disk is there, writable and not full.",
          e);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> paths = Files.walk(path)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path each : deepestFirst) {
        Files.deleteIfExists(each);
      }
    } catch (IOException ignored) {
      // Said above.
    }
  }
}
