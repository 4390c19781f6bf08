package io.watershed.core.checkpoint;

import io.watershed.core.record.ShardPosition;
import java.util.Optional;

/** How far a shard is archived: everything up to and including this (PROTOCOL 2.1). */
public sealed interface After {
  /** Nothing is archived yet. */
  record Start() implements After {}

  /**
   * Everything up to and including this position is archived.
   *
   * @param position the last archived position
   */
  record At(ShardPosition position) implements After {}

  /**
   * The shard is closed and archived to its end.
   *
   * @param last the last archived position; empty if the shard held none
   */
  record End(Optional<ShardPosition> last) implements After {}

  /**
   * Whether a record at this position is covered, so must not be archived again. Checkpoints cover
   * whole Kinesis records, so only the sequence number decides: into how many records one is taken
   * apart is a matter of configuration, and may have been another when it was archived.
   */
  default boolean covers(ShardPosition position) {
    if (this instanceof At at) {
      return position.sequenceNumber().compareTo(at.position().sequenceNumber()) <= 0;
    }
    return this instanceof End;
  }

  /** The last archived position, if there is one. */
  default Optional<ShardPosition> lastPosition() {
    if (this instanceof At at) {
      return Optional.of(at.position());
    }
    return this instanceof End end ? end.last() : Optional.empty();
  }

  /** Whether the shard is archived to its end. */
  default boolean isEnd() {
    return this instanceof End;
  }
}
