package io.watershed.archive.encode;

import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Records of one shard and day, and schemas with field ids. */
final class TestRecords {
  static final LocalDate DAY = LocalDate.parse("2026-05-01");
  static final ShardKey SHARD = new ShardKey("orders@20260101T000000.000Z", "shardId-000000000000");
  private static final Instant MORNING = Instant.parse("2026-05-01T06:00:00.123Z");
  private static final int FIRST_PAYLOAD_FIELD_ID = 100;

  private int nextFieldId = FIRST_PAYLOAD_FIELD_ID;

  private TestRecords() {}

  static List<StreamRecord> of(String... payloads) {
    List<byte[]> bytes = new ArrayList<>();
    for (String payload : payloads) {
      bytes.add(payload.getBytes(StandardCharsets.UTF_8));
    }
    return of(bytes);
  }

  static List<StreamRecord> of(List<byte[]> payloads) {
    List<StreamRecord> records = new ArrayList<>();
    for (int i = 0; i < payloads.size(); i++) {
      SequenceNumber sequence = SequenceNumber.parse(Integer.toString(i + 1));
      records.add(
          new StreamRecord(
              SHARD,
              ShardPosition.of(sequence),
              "key-" + i % 7,
              MORNING.plusMillis(i),
              payloads.get(i)));
    }
    return records;
  }

  static List<ShardSums> sums(List<StreamRecord> records) {
    RecordDigest digest =
        records.stream().map(RecordDigest::of).reduce(RecordDigest.ZERO, RecordDigest::plus);
    return List.of(
        new ShardSums(
            SHARD,
            Optional.empty(),
            records.get(records.size() - 1).position(),
            records.size(),
            0,
            digest));
  }

  /** Every column gets a field id, as the table would give it. */
  static PayloadSchema withFieldIds(PayloadSchema schema) {
    return new PayloadSchema(new TestRecords().number(schema.columns()));
  }

  private List<PayloadColumn> number(List<PayloadColumn> columns) {
    List<PayloadColumn> numbered = new ArrayList<>();
    for (PayloadColumn column : columns) {
      numbered.add(
          new PayloadColumn(
              column.key(),
              column.type(),
              column.name(),
              nextFieldId++,
              number(column.children())));
    }
    return numbered;
  }
}
