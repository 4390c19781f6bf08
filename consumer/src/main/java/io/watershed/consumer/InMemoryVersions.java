package io.watershed.consumer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Versions in memory. Those of deleted keys go when the horizon has passed; they are looked at
 * whenever something is remembered, oldest first, so at no cost to speak of. Thread-safe.
 */
final class InMemoryVersions<K> implements AppliedVersions<K> {
  private final Optional<Duration> horizon;
  private final InstantSource clock;
  private final Map<K, Version> versions = new HashMap<>();

  /** When keys were deleted, in that order. */
  private final Map<K, Instant> deleted = new LinkedHashMap<>();

  InMemoryVersions(Optional<Duration> horizon, InstantSource clock) {
    this.horizon = horizon;
    this.clock = clock;
  }

  @Override
  public synchronized Optional<Version> find(K key) {
    return Optional.ofNullable(versions.get(key));
  }

  @Override
  public synchronized void remember(K key, Version version) {
    deleted.remove(key);
    versions.put(key, version);
    horizon.ifPresent(this::forget);
  }

  @Override
  public synchronized void rememberDeleted(K key, Version version) {
    remember(key, version);
    if (horizon.isPresent()) {
      deleted.put(key, clock.instant());
    }
  }

  private void forget(Duration keep) {
    Instant before = clock.instant().minus(keep);
    Iterator<Map.Entry<K, Instant>> oldest = deleted.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<K, Instant> next = oldest.next();
      if (!next.getValue().isBefore(before)) {
        return;
      }
      oldest.remove();
      versions.remove(next.getKey());
    }
  }
}
