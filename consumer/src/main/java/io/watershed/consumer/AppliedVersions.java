package io.watershed.consumer;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The version that a consumer last applied, per key, deletions included. Keep it where the state
 * is, and write both in one transaction if you can ({@code docs/replay.md} has an example over
 * JDBC); versions of deleted keys may be dropped when no replay will reach back that far any more.
 *
 * @param <K> the key that state is kept by; all records of one key come from one partition key
 */
public interface AppliedVersions<K> {
  /** The last applied version; empty if the key was never seen, or is forgotten. */
  Optional<Version> find(K key);

  /** Remembers that this version was applied. */
  void remember(K key, Version version);

  /**
   * Remembers that this version deleted the key. It is needed for as long as a replay may bring
   * older records of the key (PROTOCOL 7.4): one that comes later would bring the key back.
   */
  default void rememberDeleted(K key, Version version) {
    remember(key, version);
  }

  /** In memory, for ever: as large as the number of keys ever seen. Thread-safe. */
  static <K> AppliedVersions<K> inMemory() {
    return new InMemoryVersions<>(Optional.empty(), InstantSource.system());
  }

  /**
   * In memory, those of deleted keys for so long after the deletion was applied. A replay may then
   * send records that arrived in the last {@code horizon}, and no older ones. Thread-safe.
   */
  static <K> AppliedVersions<K> inMemory(Duration horizon, InstantSource clock) {
    return new InMemoryVersions<>(Optional.of(horizon), clock);
  }
}
