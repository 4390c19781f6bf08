package io.watershed.cut;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardPosition;
import java.util.Optional;

/**
 * How far a shard was read for a statement that needed no more of it. The shard's through-position
 * is no later; what lies beyond was there, and nobody looked.
 *
 * @param last every record up to this sequence number is in the cut; empty if none was read
 */
public record ReadTo(Optional<SequenceNumber> last) {
  /** Up to and including this position. */
  static ReadTo position(Optional<ShardPosition> position) {
    return new ReadTo(position.map(ShardPosition::sequenceNumber));
  }
}
