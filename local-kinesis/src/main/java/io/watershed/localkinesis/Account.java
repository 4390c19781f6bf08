package io.watershed.localkinesis;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Everything that the endpoint knows: the streams of one account in one region. One lock guards all
 * of it; requests decode before and encode after they hold it.
 */
final class Account {
  private final LocalKinesisSettings settings;
  private final Mischief mischief;
  private final HeldBytes held = new HeldBytes();
  private final Counters counters = new Counters();
  private final TreeMap<String, LocalStream> streams = new TreeMap<>();
  private final Map<String, Long> lastCreatedMillis = new HashMap<>();

  Account(LocalKinesisSettings settings) {
    this.settings = settings;
    this.mischief = new Mischief(settings.hostility());
  }

  /** Runs this with the state to itself. Everything below must be called from inside. */
  synchronized <T> T locked(Supplier<T> action) {
    return action.get();
  }

  LocalKinesisSettings settings() {
    return settings;
  }

  Mischief mischief() {
    return mischief;
  }

  HeldBytes held() {
    return held;
  }

  Counters counters() {
    return counters;
  }

  String id() {
    return settings.accountId();
  }

  long nowMillis() {
    return settings.clock().millis();
  }

  /** When a change that begins now is done. */
  long changedByMillis() {
    return nowMillis() + settings.controlPlaneDelay().toMillis();
  }

  String arnPrefix() {
    return "arn:aws:kinesis:" + settings.region() + ":" + settings.accountId() + ":stream/";
  }

  /** All streams by name, without those whose deletion is done. */
  Collection<LocalStream> streams() {
    long now = nowMillis();
    streams.values().stream().filter(stream -> stream.isGone(now)).forEach(LocalStream::release);
    streams.values().removeIf(stream -> stream.isGone(now));
    return streams.values();
  }

  Optional<LocalStream> find(String name) {
    streams();
    return Optional.ofNullable(streams.get(name));
  }

  /** The stream, in whatever state. */
  LocalStream stream(String name) {
    return find(name)
        .orElseThrow(
            () ->
                ServiceError.notFound("Stream " + name + " under account " + id() + " not found."));
  }

  /** The stream, if it takes and gives records. */
  LocalStream usableStream(String name) {
    LocalStream stream = stream(name);
    String status = stream.status(nowMillis());
    if (!status.equals("ACTIVE") && !status.equals("UPDATING")) {
      throw ServiceError.notFound("Stream " + name + " under account " + id() + " not found.");
    }
    return stream;
  }

  /** The stream, if it can be changed now. */
  LocalStream activeStream(String name) {
    LocalStream stream = stream(name);
    String status = stream.status(nowMillis());
    if (!status.equals("ACTIVE")) {
      throw ServiceError.inUse(
          "Stream " + name + " under account " + id() + " not ACTIVE, instead in state " + status);
    }
    return stream;
  }

  LocalStream create(String name, LocalStream.Mode mode, int shards, int maxRecordKib, long delay) {
    if (find(name).isPresent()) {
      throw ServiceError.inUse("Stream " + name + " under account " + id() + " already exists.");
    }
    // Two lives of one name never share a creation time, even on a clock that stands still.
    long now = nowMillis();
    long created = Math.max(now, lastCreatedMillis.getOrDefault(name, now - 1) + 1);
    lastCreatedMillis.put(name, created);
    LocalStream stream =
        new LocalStream(
            name,
            arnPrefix() + name,
            mode,
            shards,
            maxRecordKib,
            created,
            now + delay,
            held,
            mischief);
    streams.put(name, stream);
    return stream;
  }

  /** Makes room for this many bytes, or refuses. */
  void reserve(long bytes) {
    long limit = settings.maxBytesHeld();
    if (held.bytes() + bytes <= limit) {
      return;
    }
    streams().forEach(stream -> stream.expire(nowMillis()));
    while (settings.whenFull() == WhenFull.TRIM_OLDEST && held.bytes() + bytes > limit) {
      Optional<ShardLog> oldest = oldestLog();
      if (oldest.isEmpty()) {
        break;
      }
      oldest.get().trimOldest(TRIM_BATCH);
    }
    if (held.bytes() + bytes > limit) {
      throw ServiceError.throttled(
          "The local endpoint holds "
              + held.bytes()
              + " bytes in memory, and may hold "
              + limit
              + " (maxBytesHeld). Delete streams, wait for expiry, or start it with a higher bound.");
    }
  }

  private Optional<ShardLog> oldestLog() {
    return streams.values().stream()
        .flatMap(stream -> stream.shards().stream())
        .map(LocalShard::log)
        .filter(log -> !log.isEmpty())
        .min(Comparator.comparingLong(log -> log.at(log.firstIndex()).storedMillis()));
  }

  private static final int TRIM_BATCH = 100;
}
