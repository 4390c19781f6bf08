package io.watershed.query.view;

import io.watershed.reservoir.table.DataFileInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where the local copy of a data file is. Each version of the object has a file of its own, so that
 * bytes of two objects never mix; a small file beside it names the version that was seen last.
 */
final class LocalCopy {
  static final String DATA_SUFFIX = ".parquet";

  private static final String VERSION_SUFFIX = ".version";
  private static final char SEPARATOR = '-';
  private static final int VERSION_CHARS = 16;

  private final DataFileInfo file;
  private final Path folder;
  private final String name;

  LocalCopy(Path folder, DataFileInfo file) {
    this.file = file;
    this.folder = folder;
    this.name = hash(file.key() + " " + file.sizeBytes());
  }

  DataFileInfo file() {
    return file;
  }

  Path folder() {
    return folder;
  }

  Path path(String version) {
    String suffix = SEPARATOR + hash(version).substring(0, VERSION_CHARS) + DATA_SUFFIX;
    return folder.resolve(name + suffix);
  }

  /** The version that was seen last; empty if none was. */
  Optional<String> version() throws IOException {
    try {
      return Optional.of(Files.readString(folder.resolve(name + VERSION_SUFFIX)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Whole or not at all, whoever else does it. */
  void remember(String version) throws IOException {
    Files.createDirectories(folder);
    Path written = Files.createTempFile(folder, name, ".tmp");
    Files.writeString(written, version, StandardCharsets.UTF_8);
    Files.move(
        written,
        folder.resolve(name + VERSION_SUFFIX),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  void forget() throws IOException {
    Files.deleteIfExists(folder.resolve(name + VERSION_SUFFIX));
  }

  /** Deletes the data file, which may be of any version. */
  static void delete(Path data) throws IOException {
    // The record first: a file without one counts as empty.
    Files.deleteIfExists(SparseFile.recordOf(data));
    Files.deleteIfExists(data);
    String name = data.getFileName().toString();
    int separator = name.indexOf(SEPARATOR);
    if (separator >= 0) {
      Files.deleteIfExists(data.resolveSibling(name.substring(0, separator) + VERSION_SUFFIX));
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
