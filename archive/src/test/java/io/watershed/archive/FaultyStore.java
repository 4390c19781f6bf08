package io.watershed.archive;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ForwardingStore;
import io.watershed.reservoir.store.ObjectStore;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that does to commits what a test tells it to. */
final class FaultyStore extends ForwardingStore {
  /** What happens to the creation of a metadata version, which is the commit. */
  interface OnCommit {
    CreateOutcome create(String key, byte[] content);
  }

  private final ObjectStore store;
  private volatile OnCommit onCommit;
  private volatile RuntimeException onUpload;
  private final AtomicInteger failingReads = new AtomicInteger();

  FaultyStore(ObjectStore store) {
    super(store);
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
  public Optional<byte[]> get(String key, long maxBytes) {
    maybeFail();
    return store.get(key, maxBytes);
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
  public void upload(String key, Path file) {
    if (onUpload != null) {
      throw onUpload;
    }
    store.upload(key, file);
  }

  @Override
  public Iterable<ObjectInfo> list(String prefix) {
    maybeFail();
    return store.list(prefix);
  }
}
