package io.watershed.bench;

import io.watershed.reservoir.store.ObjectStore;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store whose clock is set by hand, and that counts the bytes of metadata. One thread. */
final class AgedStore implements ObjectStore {
  private final ObjectStore store;
  private final Map<String, Instant> times = new HashMap<>();
  private Instant now;
  private long written;
  private long read;

  AgedStore(ObjectStore store, Instant now) {
    this.store = store;
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
  public String root() {
    return store.root();
  }

  @Override
  public Optional<byte[]> get(String key, long maxBytes) {
    Optional<byte[]> content = store.get(key, maxBytes);
    content.ifPresent(bytes -> read += bytes.length);
    return content;
  }

  @Override
  public byte[] getRange(String key, long offset, int length) {
    return store.getRange(key, offset, length);
  }

  @Override
  public InputStream open(String key) {
    return store.open(key);
  }

  @Override
  public Optional<Path> localPath(String key) {
    return store.localPath(key);
  }

  @Override
  public Optional<ObjectInfo> stat(String key) {
    return store.stat(key).map(this::timed);
  }

  @Override
  public CreateOutcome createIfAbsent(String key, byte[] content) {
    CreateOutcome outcome = store.createIfAbsent(key, content);
    if (outcome == CreateOutcome.CREATED) {
      wrote(key);
      written += content.length;
    }
    return outcome;
  }

  @Override
  public void put(String key, byte[] content) {
    store.put(key, content);
    wrote(key);
    written += content.length;
  }

  @Override
  public void upload(String key, Path file) {
    store.upload(key, file);
    wrote(key);
  }

  private void wrote(String key) {
    times.put(key, now);
  }

  @Override
  public Iterable<ObjectInfo> list(String prefix) {
    List<ObjectInfo> objects = new ArrayList<>();
    store.list(prefix).forEach(object -> objects.add(timed(object)));
    return objects;
  }

  @Override
  public List<String> listFolders(String prefix) {
    return store.listFolders(prefix);
  }

  @Override
  public void delete(String key) {
    store.delete(key);
    times.remove(key);
  }

  @Override
  public void close() {
    store.close();
  }

  private ObjectInfo timed(ObjectInfo object) {
    return new ObjectInfo(object.key(), object.sizeBytes(), times.getOrDefault(object.key(), now));
  }
}
