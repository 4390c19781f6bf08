package io.watershed.reservoir.store;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A store with a clock of its own that tests turn. */
public final class ClockedStore extends ForwardingStore {
  private final Map<String, Instant> times = new ConcurrentHashMap<>();
  private Instant now = Instant.parse("2026-11-23T00:00:00Z");

  public ClockedStore(ObjectStore store) {
    super(store);
  }

  public synchronized Instant now() {
    return now;
  }

  public synchronized void advance(Duration time) {
    now = now.plus(time);
  }

  @Override
  public Optional<ObjectInfo> stat(String key) {
    return super.stat(key).map(this::timed);
  }

  @Override
  public CreateOutcome createIfAbsent(String key, byte[] content) {
    CreateOutcome outcome = super.createIfAbsent(key, content);
    if (outcome == CreateOutcome.CREATED) {
      times.putIfAbsent(key, now());
    }
    return outcome;
  }

  @Override
  public void put(String key, byte[] content) {
    super.put(key, content);
    times.put(key, now());
  }

  @Override
  public void upload(String key, Path file) {
    super.upload(key, file);
    times.put(key, now());
  }

  @Override
  public Iterable<ObjectInfo> list(String prefix) {
    List<ObjectInfo> objects = new ArrayList<>();
    super.list(prefix).forEach(object -> objects.add(timed(object)));
    return objects;
  }

  @Override
  public void delete(String key) {
    super.delete(key);
    times.remove(key);
  }

  private ObjectInfo timed(ObjectInfo object) {
    return new ObjectInfo(
        object.key(), object.sizeBytes(), times.getOrDefault(object.key(), now()));
  }
}
