package io.watershed.replay;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.consumer.Position;
import io.watershed.core.record.StreamRecord;
import io.watershed.kinesis.PutEntry;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Makes what is put on the target of an archived record. */
final class RecordWrapper {
  private static final RecordWrapper LONGEST =
      new RecordWrapper("0".repeat(ReplayPlan.ID_CHARS), EnvelopeMode.MEMBER, Long.MAX_VALUE);

  private final String replayId;
  private final EnvelopeMode mode;
  private final long epoch;

  RecordWrapper(String replayId, EnvelopeMode mode, long epoch) {
    this.replayId = replayId;
    this.mode = mode;
    this.epoch = epoch;
  }

  /** The record to put: the same partition key, the payload in its envelope. */
  PutEntry entry(StreamRecord record) {
    byte[] payload =
        mode.form()
            .map(form -> Envelope.wrap(form, header(record), record.payload()))
            .orElseGet(record::payload);
    return new PutEntry(record.partitionKey(), Optional.empty(), payload);
  }

  /**
   * The most that a record can count against the target's record limit: payload, envelope and
   * partition key. The same for plan, run and audit, whatever id and epoch turn out to be, so that
   * all three leave out the same records.
   */
  static long plannedSize(StreamRecord record, EnvelopeMode mode) {
    long payload =
        mode.form()
            .map(form -> Envelope.wrappedSize(form, LONGEST.header(record), record.payload()))
            .orElseGet(() -> (long) record.payload().length);
    return payload + keyBytes(record.partitionKey());
  }

  /** The record's position in the words of the consumer's library. */
  static Position origin(StreamRecord record) {
    return new Position(
        record.shard().incarnation(),
        record.shard().shardId(),
        record.position().sequenceNumber().decimal(),
        record.position().subSequenceNumber());
  }

  private EnvelopeHeader header(StreamRecord record) {
    return EnvelopeHeader.of(replayId, origin(record), record.arrivalTime(), epoch);
  }

  private static int keyBytes(String partitionKey) {
    return partitionKey.getBytes(StandardCharsets.UTF_8).length;
  }
}
