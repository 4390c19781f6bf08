package io.watershed.hive;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.Position;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.DecodeError;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.hadoop.hive.common.type.Timestamp;
import org.jspecify.annotations.Nullable;

/** The columns that every record has. */
final class SystemValues {
  private static final Set<SystemColumn> OF_PAYLOAD =
      EnumSet.of(
          SystemColumn.PAYLOAD,
          SystemColumn.DECODE_ERROR,
          SystemColumn.ORIGIN_INCARNATION,
          SystemColumn.ORIGIN_SHARD_ID,
          SystemColumn.ORIGIN_SEQUENCE_NUMBER,
          SystemColumn.ORIGIN_SUB_SEQUENCE_NUMBER);

  private SystemValues() {}

  /** Whether the column is made of the payload's bytes. */
  static boolean needsPayload(SystemColumn column) {
    return OF_PAYLOAD.contains(column);
  }

  static RowValue of(SystemColumn column) {
    return switch (column) {
      case INCARNATION -> (record, row) -> record.shard().incarnation();
      case SHARD_ID -> (record, row) -> record.shard().shardId();
      case SEQUENCE_NUMBER -> (record, row) -> record.position().sequenceNumber().padded();
      case SUB_SEQUENCE_NUMBER -> (record, row) -> record.position().subSequenceNumber();
      case PARTITION_KEY -> (record, row) -> record.partitionKey();
      case ARRIVAL_TIME -> (record, row) -> timestamp(record.arrivalTime());
      case PAYLOAD -> (record, row) -> record.payload();
      case DECODE_ERROR ->
          (record, row) -> {
            DecodeError error = row.decodeError();
            return error == null ? null : error.text();
          };
      // Kept copies of replayed records are no rows of a table.
      case REPLAY_ID -> (record, row) -> null;
      case ORIGIN_INCARNATION -> (record, row) -> ofOrigin(record, Position::stream);
      case ORIGIN_SHARD_ID -> (record, row) -> ofOrigin(record, Position::shard);
      case ORIGIN_SEQUENCE_NUMBER ->
          (record, row) ->
              ofOrigin(record, origin -> SequenceNumber.parse(origin.sequence()).padded());
      case ORIGIN_SUB_SEQUENCE_NUMBER -> (record, row) -> ofOrigin(record, Position::sub);
    };
  }

  /** Microseconds, as archives have it; in UTC. */
  static Timestamp timestamp(Instant time) {
    Instant micros = time.truncatedTo(ChronoUnit.MICROS);
    return Timestamp.ofEpochSecond(micros.getEpochSecond(), micros.getNano());
  }

  /** An origin that no archive could have is none: anybody can put one. */
  private static <T> @Nullable T ofOrigin(StreamRecord record, Function<Position, T> part) {
    if (!Envelope.isReplayed(record.payload())) {
      return null;
    }
    Optional<Position> origin =
        Envelope.unwrap(record.payload()).map(envelope -> envelope.header().origin());
    try {
      if (origin.isPresent()) {
        SequenceNumber.parse(origin.get().sequence());
        return part.apply(origin.get());
      }
    } catch (WatershedException e) {
      // no sequence number
    }
    return null;
  }
}
