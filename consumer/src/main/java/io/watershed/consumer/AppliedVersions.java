package io.watershed.consumer;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The version that a consumer last applied, per key, deletions included. Keep it where the state
 * is, and write both in one transaction if you can; entries of deleted keys may be dropped when no
 * replay will reach back that far any more.
 *
 * @param <K> the key that state is kept by; all records of one key come from one partition key
 */
public interface AppliedVersions<K> {
  /** The last applied version; empty if the key was never seen. */
  Optional<Version> find(K key);

  /** Remembers that this version was applied. */
  void remember(K key, Version version);

  /** In memory, for ever: as large as the number of keys. Thread-safe. */
  static <K> AppliedVersions<K> inMemory() {
    Map<K, Version> versions = new ConcurrentHashMap<>();
    return new AppliedVersions<>() {
      @Override
      public Optional<Version> find(K key) {
        return Optional.ofNullable(versions.get(key));
      }

      @Override
      public void remember(K key, Version version) {
        versions.put(key, version);
      }
    };
  }
}
