package io.watershed.reservoir.store;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A flat namespace of immutable objects, on S3 or on disk. Keys are relative to the reservoir's
 * root, use {@code /}, and never contain {@code ..}. Every method throws {@code WatershedException}
 * with code {@code store}, {@code access-denied}, {@code credentials} or {@code unreachable}; its
 * hint says what to do. Thread-safe.
 */
public interface ObjectStore extends AutoCloseable {
  /** The root as a URI, {@code s3://bucket/prefix} or {@code file:///folder}. */
  String root();

  /** The whole object; empty if there is none. At most {@code maxBytes}, else {@code limit}. */
  Optional<byte[]> get(String key, long maxBytes);

  /** {@code length} bytes from {@code offset}; fewer only at the object's end. */
  byte[] getRange(String key, long offset, int length);

  /** As {@link #getRange}, with the version of the object that the bytes are of. */
  default Part getPart(String key, long offset, int length) {
    return new Part(getRange(key, offset, length), "");
  }

  /** A stream over the whole object; the caller closes it. */
  InputStream open(String key);

  /** Size and time by the store's own clock; empty if there is no such object. */
  Optional<ObjectInfo> stat(String key);

  /**
   * Creates the object if no object has this key, atomically: of several racing callers exactly one
   * is told {@link CreateOutcome#CREATED}. Repeats until the answer is definite or a bound is
   * reached (facts/iceberg.md, rules 1 to 3): then {@link CreateOutcome#UNKNOWN}. An object that
   * holds exactly these bytes counts as created by us.
   */
  CreateOutcome createIfAbsent(String key, byte[] content);

  /** Writes or replaces the object (hints only: everything else is created once). */
  void put(String key, byte[] content);

  /** Uploads a local file under a key that nobody else uses. */
  void upload(String key, Path file);

  /** Where the object is a file on this machine, present or not; empty for a remote store. */
  default Optional<Path> localPath(String key) {
    return Optional.empty();
  }

  /** Objects whose key starts with the prefix, in key order, lazily paged. */
  Iterable<ObjectInfo> list(String prefix);

  /** Names directly below the prefix that are folders, without trailing slash. */
  List<String> listFolders(String prefix);

  /**
   * Deletes what a process that died left of its writing, if it is this old by the store's own
   * clock: nothing that has a key. Stores that leave nothing do nothing.
   *
   * @return how many were deleted
   */
  default int deleteAbandoned(Duration age) {
    return 0;
  }

  /** Deletes one object; succeeds if it is not there. */
  void delete(String key);

  @Override
  void close();

  /** An object's name, size in bytes, and time by the store's own clock. */
  record ObjectInfo(String key, long sizeBytes, Instant lastModified) {}

  /**
   * Bytes of an object.
   *
   * @param version differs where an object of this key was replaced by another (the ETag on S3);
   *     empty where the store does not tell
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares parts
  record Part(byte[] bytes, String version) {}

  /** What became of a conditional create. */
  enum CreateOutcome {
    /** Our bytes are the object. */
    CREATED,
    /** Somebody else's bytes are the object. */
    EXISTS,
    /** No definite answer within the bound. */
    UNKNOWN
  }
}
