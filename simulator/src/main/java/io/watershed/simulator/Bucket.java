package io.watershed.simulator;

import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The objects as the service holds them: what really happened, whoever got to know of it.
 * Thread-safe, because a store is probed from several threads.
 */
final class Bucket {
  /** The service's clock is its own. */
  private static final Duration CLOCK_ERROR = Duration.ofSeconds(7);

  private final World world;
  private final NavigableMap<String, Stored> objects = new TreeMap<>();
  private boolean metadataChanged;
  private boolean ignoresConditions;

  private static final class Stored {
    private final byte[] bytes;
    private final Instant lastModified;

    Stored(byte[] bytes, Instant lastModified) {
      this.bytes = bytes;
      this.lastModified = lastModified;
    }
  }

  Bucket(World world) {
    this.world = world;
  }

  /** From now on it says yes to everybody, and the last one wins, as some S3 look-alikes do. */
  void ignoreConditions() {
    ignoresConditions = true;
  }

  synchronized Optional<byte[]> get(String key) {
    return Optional.ofNullable(objects.get(key)).map(stored -> stored.bytes);
  }

  synchronized Optional<ObjectInfo> stat(String key) {
    return Optional.ofNullable(objects.get(key)).map(stored -> info(key, stored));
  }

  /** Whether there was none before. */
  synchronized boolean create(String key, byte[] bytes) {
    if (objects.containsKey(key) && !ignoresConditions) {
      return false;
    }
    put(key, bytes);
    metadataChanged |= key.endsWith(".metadata.json");
    return true;
  }

  synchronized void put(String key, byte[] bytes) {
    Instant now = world.now().plus(CLOCK_ERROR).truncatedTo(ChronoUnit.SECONDS);
    objects.put(key, new Stored(bytes.clone(), now));
  }

  synchronized void delete(String key) {
    objects.remove(key);
  }

  synchronized List<ObjectInfo> list(String prefix) {
    List<ObjectInfo> found = new ArrayList<>();
    for (Map.Entry<String, Stored> entry : objects.tailMap(prefix, true).entrySet()) {
      if (!entry.getKey().startsWith(prefix)) {
        break;
      }
      found.add(info(entry.getKey(), entry.getValue()));
    }
    return found;
  }

  /** Whether a metadata version was created since the last call. */
  boolean takeMetadataChanged() {
    boolean changed = metadataChanged;
    metadataChanged = false;
    return changed;
  }

  private static ObjectInfo info(String key, Stored stored) {
    return new ObjectInfo(key, stored.bytes.length, stored.lastModified);
  }
}
