package io.watershed.drill.read;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.SystemColumn;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a replayed record's envelope says, as system columns. */
final class Origin {
  private Origin() {}

  /** Fills in where a replayed record came from; nothing for any other. */
  static void fill(Row row, byte[] payload) {
    if (Envelope.isReplayed(payload)) {
      Envelope.unwrap(payload).map(Envelope::header).ifPresent(header -> fill(row, header));
    }
  }

  /** An origin that no archive could have is none: anybody can put one. */
  private static void fill(Row row, EnvelopeHeader header) {
    String sequence;
    try {
      sequence = SequenceNumber.parse(header.origin().sequence()).padded();
    } catch (WatershedException e) {
      return;
    }
    if (header.origin().sub() < 0) {
      return;
    }
    set(row, SystemColumn.ORIGIN_INCARNATION, header.origin().stream());
    set(row, SystemColumn.ORIGIN_SHARD_ID, header.origin().shard());
    set(row, SystemColumn.ORIGIN_SEQUENCE_NUMBER, sequence);
    row.setNumber(Row.index(SystemColumn.ORIGIN_SUB_SEQUENCE_NUMBER), header.origin().sub());
  }

  /** The replay that a kept copy came by. */
  static String replayId(byte[] payload) {
    Optional<Envelope> envelope = Envelope.unwrap(payload);
    return envelope.map(e -> e.header().replayId()).orElse("");
  }

  private static void set(Row row, SystemColumn column, String text) {
    row.setBytes(Row.index(column), text.getBytes(StandardCharsets.UTF_8));
  }
}
