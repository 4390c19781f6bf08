package io.watershed.reservoir.store;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files below a folder in the order of their keys, one folder in memory at a time. A folder sorts
 * as its name with a slash, which is how S3 orders the keys below it.
 */
final class DiskListing implements Iterator<ObjectInfo> {
  private final String prefix;
  private final Deque<Iterator<String>> levels = new ArrayDeque<>();
  private final Path root;
  private @Nullable ObjectInfo next;

  DiskListing(Path root, String prefix) {
    this.root = root;
    this.prefix = prefix;
    int slash = prefix.lastIndexOf('/');
    levels.push(children(slash < 0 ? "" : prefix.substring(0, slash + 1)));
    next = advance();
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public ObjectInfo next() {
    ObjectInfo current = next;
    if (current == null) {
      throw new NoSuchElementException();
    }
    next = advance();
    return current;
  }

  private @Nullable ObjectInfo advance() {
    while (!levels.isEmpty()) {
      if (!levels.element().hasNext()) {
        levels.pop();
        continue;
      }
      String key = levels.element().next();
      if (key.endsWith("/")) {
        levels.push(children(key));
      } else {
        Optional<ObjectInfo> file = info(key);
        if (file.isPresent()) {
          return file.get();
        }
      }
    }
    return null;
  }

  /** Keys of files, and of folders with a trailing slash, in key order. */
  private Iterator<String> children(String folder) {
    try (Stream<Path> found = Files.list(folder.isEmpty() ? root : root.resolve(folder))) {
      List<String> keys =
          found
              .map(path -> folder + path.getFileName() + (Files.isDirectory(path) ? "/" : ""))
              .filter(key -> key.startsWith(prefix) || prefix.startsWith(key))
              .filter(key -> !key.startsWith(DiskStore.TEMPORARY_FOLDER))
              .sorted(Comparator.naturalOrder())
              .toList();
      return keys.iterator();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.<String>of().iterator();
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  private Optional<ObjectInfo> info(String key) {
    try {
      BasicFileAttributes file = Files.readAttributes(root.resolve(key), BasicFileAttributes.class);
      return Optional.of(new ObjectInfo(key, file.size(), file.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty(); // deleted while listing
    } catch (IOException e) {
      throw failed(key, e);
    }
  }

  private WatershedException failed(String key, IOException cause) {
    return new WatershedException(
        ErrorCode.STORE,
        "Cannot list '" + key + "' in " + root + ": " + cause.getMessage(),
        "Check that the folder is readable.",
        cause);
  }
}
