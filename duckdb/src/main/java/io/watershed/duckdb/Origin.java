package io.watershed.duckdb;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import java.util.Optional;

/**
 * What a replayed record's envelope says.
 *
 * @param shard the shard of the record that it is a copy of
 * @param position that record's position
 */
record Origin(ShardKey shard, ShardPosition position) {

  /** Reads the envelope. An origin that no archive could have is none: anybody can put one. */
  static Optional<Origin> of(byte[] payload) {
    return Envelope.unwrap(payload).map(Envelope::header).flatMap(Origin::of);
  }

  private static Optional<Origin> of(EnvelopeHeader header) {
    try {
      return Optional.of(
          new Origin(
              new ShardKey(header.origin().stream(), header.origin().shard()),
              new ShardPosition(
                  SequenceNumber.parse(header.origin().sequence()), header.origin().sub())));
    } catch (WatershedException e) {
      return Optional.empty();
    }
  }
}
