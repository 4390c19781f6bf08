package io.watershed.reservoir.table;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectKeys;
import io.watershed.reservoir.store.ObjectStore;
import java.util.Optional;

/**
 * Where one table's objects are: keys in the store, and the locations that Iceberg metadata holds
 * for them. A table whose folder was copied elsewhere is still read: locations below the recorded
 * table location are taken as below this folder.
 */
final class TableFolder {
  private final ObjectStore store;
  private final String stream;

  TableFolder(ObjectStore store, String stream) {
    if (!ObjectKeys.isSegment(stream)) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "'" + stream + "' cannot be the name of an archive table",
          "Use letters, digits and _ . - ; give the stream an alias if need be.");
    }
    this.store = store;
    this.stream = stream;
  }

  ObjectStore store() {
    return store;
  }

  String stream() {
    return stream;
  }

  /** The table's location in Iceberg's sense. */
  String location() {
    return store.root() + "/" + stream;
  }

  String metadataKey(String name) {
    return stream + "/metadata/" + name;
  }

  String dataKey(String name) {
    return stream + "/data/" + name;
  }

  String locationOf(String key) {
    return store.root() + "/" + key;
  }

  /**
   * The key of a location that Iceberg metadata holds.
   *
   * @param recorded the table location that the metadata names, if it was read already
   */
  String keyOf(String location, Optional<String> recorded) {
    String wanted = plain(location);
    Optional<String> below = below(wanted, plain(location()));
    if (below.isEmpty() && recorded.isPresent()) {
      below = below(wanted, plain(recorded.get()));
    }
    return stream
        + "/"
        + below.orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.INTEGRITY,
                    "The table '" + stream + "' names an object outside of it: " + location,
                    "Another tool changed the table; run 'watershed verify'."));
  }

  private static Optional<String> below(String location, String folder) {
    return location.startsWith(folder + "/")
        ? Optional.of(location.substring(folder.length() + 1))
        : Optional.empty();
  }

  /** One spelling for the forms that engines use: {@code file:/x}, {@code s3a://}. */
  private static String plain(String location) {
    String plain = location;
    if (plain.startsWith("file:")) {
      plain = "file:/" + plain.substring("file:".length()).replaceFirst("^/+", "");
    } else if (plain.startsWith("s3a://") || plain.startsWith("s3n://")) {
      plain = "s3" + plain.substring("s3a".length());
    }
    return plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
  }
}
