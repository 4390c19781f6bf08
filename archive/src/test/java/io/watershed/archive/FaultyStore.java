package io.watershed.archive;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that does to commits what a test tells it to. */
final class FaultyStore implements ObjectStore {
  /** What happens to the creation of a metadata version, which is the commit. */
  interface OnCommit {
    CreateOutcome create(String key, byte[] content);
  }

  private final ObjectStore store;
  private volatile OnCommit onCommit;
  private volatile RuntimeException onUpload;
  private final AtomicInteger failingReads = new AtomicInteger();

  FaultyStore(ObjectStore store) {
    this.store = store;
    this.onCommit = store::createIfAbsent;
  }

  /** From now on commits go through this. */
  void onCommit(OnCommit next) {
    onCommit = next;
  }

  /** From now on uploads fail with this; null for none. */
  void onUpload(RuntimeException next) {
    onUpload = next;
  }

  /** So many reads from now on fail. */
  void failReads(int count) {
    failingReads.set(count);
  }

  private void maybeFail() {
    if (failingReads.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new WatershedException(ErrorCode.STORE, "The store does not answer", "Wait.");
    }
  }

  CreateOutcome really(String key, byte[] content) {
    return store.createIfAbsent(key, content);
  }

  void healthy() {
    onCommit = store::createIfAbsent;
    onUpload = null;
  }

  @Override
  public String root() {
    return store.root();
  }

  @Override
  public Optional<byte[]> get(String key, long maxBytes) {
    maybeFail();
    return store.get(key, maxBytes);
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
  public Optional<ObjectInfo> stat(String key) {
    maybeFail();
    return store.stat(key);
  }

  @Override
  public CreateOutcome createIfAbsent(String key, byte[] content) {
    return key.endsWith(".metadata.json") && !key.endsWith("/v1.metadata.json")
        ? onCommit.create(key, content)
        : store.createIfAbsent(key, content);
  }

  @Override
  public void put(String key, byte[] content) {
    store.put(key, content);
  }

  @Override
  public void upload(String key, Path file) {
    if (onUpload != null) {
      throw onUpload;
    }
    store.upload(key, file);
  }

  @Override
  public Optional<Path> localPath(String key) {
    return store.localPath(key);
  }

  @Override
  public Iterable<ObjectInfo> list(String prefix) {
    maybeFail();
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
  public void close() {
    store.close();
  }
}
