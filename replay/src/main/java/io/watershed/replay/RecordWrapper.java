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
        mode == EnvelopeMode.ON
            ? Envelope.wrap(header(record), record.payload())
            : record.payload();
    return new PutEntry(record.partitionKey(), Optional.empty(), payload);
  }

  /** What counts against the target's record limit: payload, envelope and partition key. */
  static long size(PutEntry entry) {
    return (long) entry.payload().length + keyBytes(entry.partitionKey());
  }

  /** {@link #size} of {@link #entry}, without making it. */
  long size(StreamRecord record) {
    long payload =
        mode == EnvelopeMode.ON
            ? Envelope.wrappedSize(header(record), record.payload())
            : record.payload().length;
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
