package io.watershed.reservoir.store;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A store that passes everything on to another one; whoever extends it overrides what is to be
 * different: a clock, a count, a fault.
 */
public class ForwardingStore implements ObjectStore {
  private final ObjectStore store;

  /** Closing this closes the other one. */
  public ForwardingStore(ObjectStore store) {
    this.store = store;
  }

  @Override
  public String root() {
    return store.root();
  }

  @Override
  public Optional<byte[]> get(String key, long maxBytes) {
    return store.get(key, maxBytes);
  }

  @Override
  public byte[] getRange(String key, long offset, int length) {
    return store.getRange(key, offset, length);
  }

  @Override
  public Part getPart(String key, long offset, int length) {
    return store.getPart(key, offset, length);
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
    return store.stat(key);
  }

  @Override
  public CreateOutcome createIfAbsent(String key, byte[] content) {
    return store.createIfAbsent(key, content);
  }

  @Override
  public void put(String key, byte[] content) {
    store.put(key, content);
  }

  @Override
  public void upload(String key, Path file) {
    store.upload(key, file);
  }

  @Override
  public Iterable<ObjectInfo> list(String prefix) {
    return store.list(prefix);
  }

  @Override
  public List<String> listFolders(String prefix) {
    return store.listFolders(prefix);
  }

  @Override
  public void delete(String key) {
    store.delete(key);
  }

  @Override
  public int deleteAbandoned(Duration age) {
    return store.deleteAbandoned(age);
  }

  @Override
  public void close() {
    store.close();
  }
}
