package io.watershed.kinesis;

import io.watershed.core.record.SequenceNumber;
import java.time.Instant;

/** Where a shard iterator starts: the five types of GetShardIterator. */
public sealed interface StartingPoint {
  /** The oldest record that the shard still holds. */
  record TrimHorizon() implements StartingPoint {}

  /** Exactly this record, or what the service makes of it when it is trimmed. */
  record At(SequenceNumber sequenceNumber) implements StartingPoint {}

  /** The first record after this one. */
  record After(SequenceNumber sequenceNumber) implements StartingPoint {}

  /** The first record that arrived at this time or later, approximately. */
  record AtTimestamp(Instant time) implements StartingPoint {}

  /** Only what arrives from now on. */
  record Latest() implements StartingPoint {}
}
