package io.watershed.core.checkpoint;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.Position;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import java.util.Optional;
import java.util.function.Function;

/**
 * Recognises replayed records that come back to the stream that they are copies of. Archiver and
 * live side skip them by this one rule, and keep anything else (PROTOCOL 6.7).
 */
public final class ReplayedCopies {
  /** Replays of replays have one envelope in another: look into this many. */
  private static final int MAX_ENVELOPES = 16;

  private ReplayedCopies() {}

  /** Whether the bytes begin like a replayed record: false for nearly all others, and cheap. */
  public static boolean isReplayed(byte[] payload) {
    return Envelope.isReplayed(payload);
  }

  /**
   * Whether these bytes are an unchanged copy of a record that the checkpoints cover. The stream's
   * own incarnations are those whose shards {@code checkpoints} knows.
   *
   * <p>In a replay of a replay each envelope counts, the outermost first. One whose digest does not
   * fit ends the search: somebody edited the record, so it is a new one.
   *
   * @param payload as it was read from the stream
   * @param checkpoints a shard's checkpoint; empty for a shard of another stream
   */
  public static boolean isCopyOfArchived(
      byte[] payload, Function<ShardKey, Optional<After>> checkpoints) {
    Optional<Envelope> envelope = Envelope.unwrap(payload);
    for (int i = 0; i < MAX_ENVELOPES && envelope.isPresent(); i++) {
      if (!envelope.get().isIntact()) {
        return false;
      }
      if (isCovered(envelope.get().header().origin(), checkpoints)) {
        return true;
      }
      envelope = Envelope.unwrap(envelope.get().payload());
    }
    return false;
  }

  private static boolean isCovered(
      Position origin, Function<ShardKey, Optional<After>> checkpoints) {
    if (origin.sequence().length() > SequenceNumber.WIDTH) {
      return false;
    }
    ShardPosition position =
        new ShardPosition(SequenceNumber.parse(origin.sequence()), origin.sub());
    return checkpoints
        .apply(new ShardKey(origin.stream(), origin.shard()))
        .map(after -> after.covers(position))
        .orElse(false);
  }
}
