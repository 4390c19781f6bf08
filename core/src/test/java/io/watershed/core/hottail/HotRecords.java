package io.watershed.core.hottail;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;

/** Records with small numbers as positions. */
final class HotRecords {
  static final ShardKey SHARD =
      new ShardKey("arn:aws:kinesis:us-east-1:1:stream/orders@7", "shardId-000000000003");

  private HotRecords() {}

  static ShardPosition position(long sequence) {
    return ShardPosition.of(SequenceNumber.parse(Long.toString(sequence)));
  }

  static After at(long sequence) {
    return new After.At(position(sequence));
  }

  static StreamRecord record(long sequence) {
    return new StreamRecord(
        SHARD,
        position(sequence),
        "key-ü-" + sequence,
        Instant.parse("2026-11-20T10:00:00.123Z").plusMillis(sequence),
        ("payload " + sequence).getBytes(StandardCharsets.UTF_8));
  }

  static List<StreamRecord> records(long first, long last) {
    return LongStream.rangeClosed(first, last).mapToObj(HotRecords::record).toList();
  }

  /** Everything that is compared of a record. */
  static String text(StreamRecord record) {
    return record.shard()
        + "@"
        + record.position()
        + " "
        + record.partitionKey()
        + " "
        + record.arrivalTime()
        + " "
        + new String(record.payload(), StandardCharsets.UTF_8);
  }
}
