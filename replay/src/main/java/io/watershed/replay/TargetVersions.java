package io.watershed.replay;

import io.watershed.consumer.Position;
import io.watershed.consumer.ReceivedRecord;
import io.watershed.consumer.Version;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The newest version that the target is known to hold of each partition key: of what producers put
 * there, their positions, and of copies that other replays put there, their origins. Copies of this
 * replay do not count. A key has one version for each stream whose positions its records name,
 * because those of different streams do not compare (PROTOCOL 7.2).
 *
 * <p>Bounded in keys; keys are digests. Thread-safe.
 */
final class TargetVersions {
  private final String replayId;
  private final int maxKeys;
  private final Map<Key, Version> newest = new HashMap<>();
  private final VersionLineage lineage;

  /** A partition key in one stream's positions: the first 128 bits of a SHA-256. */
  private record Key(long high, long low) {
    static Key of(String stream, String partitionKey) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(stream.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        ByteBuffer hash =
            ByteBuffer.wrap(digest.digest(partitionKey.getBytes(StandardCharsets.UTF_8)));
        return new Key(hash.getLong(), hash.getLong());
      } catch (NoSuchAlgorithmException e) {
        throw new WatershedException(
            ErrorCode.INTERNAL, "this Java has no SHA-256", "Use a complete JDK.", e);
      }
    }
  }

  /**
   * @param replayId whose copies do not count
   * @param maxKeys more are an error; about 250 bytes each
   * @param known shards of the streams whose positions compare
   */
  TargetVersions(String replayId, int maxKeys, Lineage known) {
    this.replayId = replayId;
    this.maxKeys = maxKeys;
    this.lineage = new VersionLineage(known);
  }

  /** More shards are known now. */
  synchronized void learn(Collection<Shard> shards) {
    lineage.learn(shards);
  }

  /**
   * The target holds this record.
   *
   * @throws WatershedException {@code limit}
   */
  synchronized void add(StreamRecord record) {
    ReceivedRecord received = ReceivedRecord.of(RecordWrapper.origin(record), record.payload());
    if (received.envelope().filter(e -> e.header().replayId().equals(replayId)).isPresent()) {
      return;
    }
    Version version = compact(received.version());
    Key key = Key.of(version.position().stream(), record.partitionKey());
    Version before = newest.get(key);
    if (before == null && newest.size() >= maxKeys) {
      throw new WatershedException(
          ErrorCode.LIMIT,
          "The target holds more than "
              + maxKeys
              + " partition keys, so a replay cannot know which of its records are superseded",
          "Raise 'replay_target_keys' (about 250 bytes of memory a key), or replay without"
              + " --skip-superseded.");
    }
    if (before == null || lineage.isNewer(version, before)) {
      newest.put(key, version);
    }
  }

  /** What is newer than the record, under its partition key. */
  synchronized Optional<Version> newerThan(StreamRecord record) {
    Version version = ReceivedRecord.of(RecordWrapper.origin(record), record.payload()).version();
    return Optional.ofNullable(
            newest.get(Key.of(version.position().stream(), record.partitionKey())))
        .filter(held -> lineage.isNewer(held, version));
  }

  /** Names of streams and shards are few: each is kept once. */
  private static Version compact(Version version) {
    Position at = version.position();
    return new Version(
        new Position(at.stream().intern(), at.shard().intern(), at.sequence(), at.sub()),
        version.overwriting());
  }
}
