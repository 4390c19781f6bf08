package io.watershed.archive;

import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.record.ShardKey;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The records of one stream that are read but not committed. The archiver publishes one immutable
 * value per shard; any thread may look.
 */
public final class PendingRecords {
  private volatile Held held = new Held(Optional.empty());

  PendingRecords() {}

  /**
   * What the records are of.
   *
   * @param table identity of the archive table that they will be committed to
   * @param incarnation id of the incarnation that they were read from
   * @param documents how Kinesis records were taken apart
   */
  public record Of(UUID table, String incarnation, Documents documents) {}

  /** The records between one opening of the stream and the next; empty ones after that. */
  public static final class Held {
    private final Optional<Of> what;
    private final Map<ShardKey, PendingShard> shards = new ConcurrentHashMap<>();

    private Held(Optional<Of> what) {
      this.what = what;
    }

    /** What they are of; empty while no stream is open. */
    public Optional<Of> what() {
      return what;
    }

    /** The shards of which something can be said now. */
    public SortedSet<ShardKey> shards() {
      return new TreeSet<>(shards.keySet());
    }

    /** What is held of this shard; empty if the archiver does not read it, or not any more. */
    public Optional<PendingShard> of(ShardKey shard) {
      return Optional.ofNullable(shards.get(shard));
    }
  }

  /** What is held now. */
  public Held held() {
    return held;
  }

  /** What is held of this shard; empty if the archiver does not read it now. */
  public Optional<PendingShard> of(ShardKey shard) {
    return held.of(shard);
  }

  /** A stream is open; what is published from here on is of this. */
  void open(Of what) {
    held = new Held(Optional.of(what));
  }

  void publish(PendingShard shard) {
    held.shards.put(shard.shard(), shard);
  }

  void forget(ShardKey shard) {
    held.shards.remove(shard);
  }

  void clear() {
    Held before = held;
    held = new Held(Optional.empty());
    before.shards.clear();
  }
}
