package io.watershed.archive;

import io.watershed.core.checkpoint.After;
import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What an archiver publishes, made by hand, for tests of who looks at it. */
public final class TestPending {
  public static final UUID TABLE = UUID.fromString("7d3c1a02-0000-4000-8000-00000000abcd");
  public static final String INCARNATION = "arn:aws:kinesis:us-east-1:1:stream/orders@1";
  public static final ShardKey SHARD = new ShardKey(INCARNATION, "shardId-000000000000");

  public final PendingRecords records = new PendingRecords();

  /** A stream is open; nothing is read yet. */
  public TestPending open() {
    records.open(new PendingRecords.Of(TABLE, INCARNATION, Documents.ONE));
    return this;
  }

  public void close() {
    records.clear();
  }

  /** Holds (low, high] in reads of this many records. */
  public void holds(long low, long high, int recordsPerRead, int payloadBytes) {
    List<PendingBatch> batches = new ArrayList<>();
    List<StreamRecord> read = new ArrayList<>();
    for (long sequence = low + 1; sequence <= high; sequence++) {
      read.add(record(sequence, payloadBytes));
      if (read.size() == recordsPerRead || sequence == high) {
        batches.add(PendingBatch.of(List.copyOf(read), Optional.empty(), batches.size()));
        read.clear();
      }
    }
    publish(low, high, false, Optional.empty(), batches);
  }

  /** Nothing is held; the last read was at the tip, and asked for then. */
  public void wasAtTip(long high, Instant askedAt) {
    publish(high, high, false, Optional.of(askedAt), List.of());
  }

  /** The shard was read to its end. */
  public void isDrained(long high) {
    publish(high, high, true, Optional.empty(), List.of());
  }

  private void publish(
      long low,
      long high,
      boolean drained,
      Optional<Instant> tipAskedAt,
      List<PendingBatch> batches) {
    records.publish(
        new PendingShard(
            SHARD,
            new After.At(position(low)),
            Optional.of(position(high)),
            drained,
            tipAskedAt,
            batches));
  }

  public static ShardPosition position(long sequence) {
    return ShardPosition.of(SequenceNumber.parse(Long.toString(sequence)));
  }

  private static StreamRecord record(long sequence, int payloadBytes) {
    return new StreamRecord(SHARD, position(sequence), "k", Instant.EPOCH, new byte[payloadBytes]);
  }
}
