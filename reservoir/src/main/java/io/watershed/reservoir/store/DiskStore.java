package io.watershed.reservoir.store;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Objects as files below one folder. Thread-safe, and safe among processes on one machine.
 *
 * <p>A file is written under {@value #TEMPORARY_FOLDER}, synchronized to the device, and only then
 * appears under its name. {@link #createIfAbsent} lets it appear by a hard link: link(2) is the one
 * call that fails when the name is taken and never shows half a file. {@code open(O_EXCL)} would
 * show a torn file after a crash, so a file system without hard links is refused.
 */
public final class DiskStore implements ObjectStore {
  static final String TEMPORARY_FOLDER = ".watershed-tmp";

  private static final boolean WINDOWS =
      System.getProperty("os.name", "").toLowerCase(java.util.Locale.ROOT).startsWith("windows");

  private final Path folder;
  private final Path temporary;

  /** A store in this folder, which is created by the first write. */
  public DiskStore(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
    this.temporary = this.folder.resolve(TEMPORARY_FOLDER);
  }

  @Override
  public String root() {
    String path = folder.toString().replace('\\', '/');
    String absolute = path.startsWith("/") ? path : "/" + path;
    // Not percent-encoded: other Iceberg readers take the text after file:// as it stands.
    return "file://" + (absolute.equals("/") ? "" : absolute);
  }

  @Override
  public Optional<Path> localPath(String key) {
    return Optional.of(path(key));
  }

  @Override
  public Optional<byte[]> get(String key, long maxBytes) {
    try {
      Path file = path(key);
      long size = Files.size(file);
      if (size > maxBytes) {
        throw StoreErrors.tooLarge(key, size, maxBytes);
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read", key, e);
    }
  }

  @Override
  public byte[] getRange(String key, long offset, int length) {
    try (InputStream in = Files.newInputStream(path(key))) {
      in.skipNBytes(Math.min(offset, Files.size(path(key))));
      return in.readNBytes(length);
    } catch (IOException e) {
      throw failed("read", key, e);
    }
  }

  @Override
  public InputStream open(String key) {
    try {
      return Files.newInputStream(path(key));
    } catch (IOException e) {
      throw failed("read", key, e);
    }
  }

  @Override
  public Optional<ObjectInfo> stat(String key) {
    try {
      BasicFileAttributes file = Files.readAttributes(path(key), BasicFileAttributes.class);
      return file.isRegularFile()
          ? Optional.of(new ObjectInfo(key, file.size(), file.lastModifiedTime().toInstant()))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("look at", key, e);
    }
  }

  @Override
  public CreateOutcome createIfAbsent(String key, byte[] content) {
    Path target = path(key);
    Path written = write(key, out -> out.write(content));
    try {
      while (true) {
        if (link(key, target, written)) {
          return synced(parent(target)) ? CreateOutcome.CREATED : CreateOutcome.UNKNOWN;
        }
        Optional<byte[]> present = present(key, target);
        if (present.isPresent()) {
          return Arrays.equals(present.get(), content)
              ? CreateOutcome.CREATED
              : CreateOutcome.EXISTS;
        }
        // It was deleted between the two calls: try again.
      }
    } finally {
      discard(written);
    }
  }

  @Override
  public void put(String key, byte[] content) {
    appear(key, write(key, out -> out.write(content)));
  }

  @Override
  public void upload(String key, Path file) {
    appear(key, write(key, out -> Files.copy(file, out)));
  }

  @Override
  public Iterable<ObjectInfo> list(String prefix) {
    ObjectKeys.checkPrefix(prefix);
    return () -> new DiskListing(folder, prefix);
  }

  @Override
  public List<String> listFolders(String prefix) {
    ObjectKeys.checkPrefix(prefix);
    Path parent = prefix.isEmpty() ? folder : folder.resolve(prefix);
    try (Stream<Path> children = Files.list(parent)) {
      return children
          .filter(Files::isDirectory)
          .map(child -> child.getFileName().toString())
          .filter(name -> ObjectKeys.isSegment(name) && !name.equals(TEMPORARY_FOLDER))
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw failed("list", prefix, e);
    }
  }

  @Override
  public void delete(String key) {
    Path file = path(key);
    try {
      if (Files.deleteIfExists(file)) {
        sync(parent(file));
      }
    } catch (IOException e) {
      throw failed("delete", key, e);
    }
  }

  @Override
  public int deleteAbandoned(Duration age) {
    if (!Files.isDirectory(temporary)) {
      return 0;
    }
    Path now = temporary.resolve(UUID.randomUUID().toString());
    int deleted = 0;
    try {
      Files.createFile(now);
      Instant before = Files.getLastModifiedTime(now).toInstant().minus(age);
      try (Stream<Path> files = Files.list(temporary)) {
        for (Path file : files.toList()) {
          if (isOlder(file, before) && Files.deleteIfExists(file)) {
            deleted++;
          }
        }
      }
    } catch (IOException e) {
      throw failed("clean up", TEMPORARY_FOLDER, e);
    } finally {
      discard(now);
    }
    return deleted;
  }

  private static boolean isOlder(Path file, Instant time) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(time);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public void close() {}

  private Path path(String key) {
    return folder.resolve(ObjectKeys.check(key));
  }

  /** A key is never empty, so there always is one. */
  private Path parent(Path file) {
    Path parent = file.getParent();
    return parent == null ? folder : parent;
  }

  /** Writes a temporary file and synchronizes it; deletes it when that fails. */
  private Path write(String key, Content content) {
    Path file = temporary.resolve(UUID.randomUUID().toString());
    try {
      makeFolder(temporary);
      try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          OutputStream out = java.nio.channels.Channels.newOutputStream(channel)) {
        content.writeTo(out);
        channel.force(true);
      }
      makeFolder(parent(path(key)));
      return file;
    } catch (IOException e) {
      discard(file);
      throw failed("write", key, e);
    }
  }

  /** Whether the written file now has the target's name; false if the name was taken. */
  private boolean link(String key, Path target, Path written) {
    try {
      Files.createLink(target, written);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (AccessDeniedException e) {
      throw failed("create", key, e);
    } catch (UnsupportedOperationException e) {
      throw noLinks(e);
    } catch (FileSystemException e) {
      String reason = String.valueOf(e.getReason());
      if (reason.contains("not permitted") || reason.contains("not supported")) {
        throw noLinks(e);
      }
      throw failed("create", key, e);
    } catch (IOException e) {
      throw failed("create", key, e);
    }
  }

  private WatershedException noLinks(Exception cause) {
    return new WatershedException(
        ErrorCode.STORE_NOT_CONDITIONAL,
        "The file system of " + folder + " has no hard links, which an atomic commit needs",
        "Use a folder on a local file system (ext4, xfs, APFS, NTFS), or S3.",
        cause);
  }

  private Optional<byte[]> present(String key, Path target) {
    try {
      return Optional.of(Files.readAllBytes(target));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read", key, e);
    }
  }

  private void appear(String key, Path written) {
    Path target = path(key);
    try {
      Files.move(written, target, ATOMIC_MOVE, REPLACE_EXISTING);
      sync(parent(target));
    } catch (IOException e) {
      discard(written);
      throw failed("write", key, e);
    }
  }

  /** Creates missing folders, and makes each new name durable in its parent. */
  private static void makeFolder(Path wanted) throws IOException {
    if (Files.isDirectory(wanted)) {
      return;
    }
    Path parent = wanted.getParent();
    if (parent != null) {
      makeFolder(parent);
    }
    try {
      Files.createDirectory(wanted);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(wanted)) {
        throw e;
      }
    }
    if (parent != null) {
      sync(parent);
    }
  }

  private static boolean synced(Path directory) {
    try {
      sync(directory);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void sync(Path directory) throws IOException {
    if (WINDOWS) {
      return; // Windows cannot open a folder; NTFS journals the names itself.
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** A left-over temporary file is harmless. */
  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      org.slf4j.LoggerFactory.getLogger(DiskStore.class)
          .warn("Could not remove the temporary file {}: {}", file, e.getMessage());
    }
  }

  private WatershedException failed(String verb, String key, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return StoreErrors.missing(key, root());
    }
    boolean denied = cause instanceof AccessDeniedException;
    return new WatershedException(
        denied ? ErrorCode.ACCESS_DENIED : ErrorCode.STORE,
        "Cannot " + verb + " '" + key + "' in " + folder + ": " + reason(cause),
        denied
            ? "Give this user the right to read and write " + folder + "."
            : "Check the disk: free space, mount, and that " + folder + " is a folder.",
        cause);
  }

  private static String reason(IOException cause) {
    if (cause instanceof FileSystemException e && e.getReason() != null) {
      return e.getReason();
    }
    return cause instanceof AccessDeniedException
        ? "access is denied"
        : cause.getClass().getSimpleName() + " " + cause.getMessage();
  }

  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }
}
