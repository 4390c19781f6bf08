package io.watershed.bench;

import io.watershed.reservoir.store.ForwardingStore;
import io.watershed.reservoir.store.ObjectStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store whose clock is set by hand, and that counts the bytes of metadata. One thread. */
final class AgedStore extends ForwardingStore {
  private final Map<String, Instant> times = new HashMap<>();
  private Instant now;
  private long written;
  private long read;

  AgedStore(ObjectStore store, Instant now) {
    super(store);
    this.now = now;
  }

  Instant now() {
    return now;
  }

  void setNow(Instant time) {
    now = time;
  }

  /** Bytes of metadata written so far. */
  long metadataWritten() {
    return written;
  }

  /** Bytes of metadata read so far. */
  long metadataRead() {
    return read;
  }

  @Override
  public Optional<byte[]> get(String key, long maxBytes) {
    Optional<byte[]> content = super.get(key, maxBytes);
    content.ifPresent(bytes -> read += bytes.length);
    return content;
  }

  @Override
  public Optional<ObjectInfo> stat(String key) {
    return super.stat(key).map(this::timed);
  }

  @Override
  public CreateOutcome createIfAbsent(String key, byte[] content) {
    CreateOutcome outcome = super.createIfAbsent(key, content);
    if (outcome == CreateOutcome.CREATED) {
      wrote(key);
      written += content.length;
    }
    return outcome;
  }

  @Override
  public void put(String key, byte[] content) {
    super.put(key, content);
    wrote(key);
    written += content.length;
  }

  @Override
  public void upload(String key, Path file) {
    super.upload(key, file);
    wrote(key);
  }

  private void wrote(String key) {
    times.put(key, now);
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
    return new ObjectInfo(object.key(), object.sizeBytes(), times.getOrDefault(object.key(), now));
  }
}
