package io.watershed.replay;

import io.watershed.reservoir.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** Objects in memory, for the ledger's tests. */
final class MemoryStore implements ObjectStore {
  private record Stored(byte[] content, Instant at) {}

  private final Map<String, Stored> objects = new ConcurrentSkipListMap<>();
  private final InstantSource clock;
  volatile boolean broken;

  /** What happens just before an object is made, by its key. */
  volatile Consumer<String> beforeCreate = key -> {};

  MemoryStore(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public String root() {
    return "memory:";
  }

  @Override
  public Optional<byte[]> get(String key, long maxBytes) {
    return Optional.ofNullable(objects.get(key)).map(Stored::content);
  }

  @Override
  public byte[] getRange(String key, long offset, int length) {
    return Arrays.copyOfRange(objects.get(key).content(), (int) offset, (int) offset + length);
  }

  @Override
  public InputStream open(String key) {
    return new ByteArrayInputStream(objects.get(key).content());
  }

  @Override
  public Optional<ObjectInfo> stat(String key) {
    return Optional.ofNullable(objects.get(key)).map(stored -> info(key, stored));
  }

  @Override
  public CreateOutcome createIfAbsent(String key, byte[] content) {
    beforeCreate.accept(key);
    if (broken) {
      return CreateOutcome.UNKNOWN;
    }
    Stored before = objects.putIfAbsent(key, new Stored(content, clock.instant()));
    return before == null || Arrays.equals(before.content(), content)
        ? CreateOutcome.CREATED
        : CreateOutcome.EXISTS;
  }

  @Override
  public void put(String key, byte[] content) {
    objects.put(key, new Stored(content, clock.instant()));
  }

  @Override
  public void upload(String key, Path file) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Iterable<ObjectInfo> list(String prefix) {
    return objects.entrySet().stream()
        .filter(e -> e.getKey().startsWith(prefix))
        .map(e -> info(e.getKey(), e.getValue()))
        .toList();
  }

  @Override
  public List<String> listFolders(String prefix) {
    return objects.keySet().stream()
        .filter(key -> key.startsWith(prefix))
        .map(key -> key.substring(prefix.length()))
        .filter(rest -> rest.contains("/"))
        .map(rest -> rest.substring(0, rest.indexOf('/')))
        .distinct()
        .toList();
  }

  @Override
  public void delete(String key) {
    objects.remove(key);
  }

  @Override
  public void close() {}

  private static ObjectInfo info(String key, Stored stored) {
    return new ObjectInfo(key, stored.content().length, stored.at());
  }
}
