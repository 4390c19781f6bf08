package io.watershed.kinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.aggregate.AggregateWriter;
import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnpackingTest {
  private static final ShardKey SHARD = new ShardKey("orders@1", "shardId-000000000000");
  private static final Instant ARRIVAL = Instant.parse("2026-11-01T10:00:00.123Z");

  @Test
  void userRecordsShareSequenceNumberAndArrivalAndAreNumbered() {
    AggregateWriter writer = new AggregateWriter();
    writer.add("a", "{\"n\":1}".getBytes(UTF_8));
    writer.add("b", "{\"n\":2}{\"n\":3}".getBytes(UTF_8));
    writer.add("a", "{\"n\":4}".getBytes(UTF_8));

    List<StreamRecord> records =
        Unpacking.unpack(
            List.of(record(7, "{\"n\":0}".getBytes(UTF_8)), record(9, writer.toBytes())),
            Documents.ONE);

    assertThat(texts(records))
        .containsExactly(
            "7 outer {\"n\":0}", "9 a {\"n\":1}", "9.1 b {\"n\":2}{\"n\":3}", "9.2 a {\"n\":4}");
    assertThat(records).allMatch(r -> r.arrivalTime().equals(ARRIVAL) && r.shard().equals(SHARD));
  }

  @Test
  void documentsAreNumberedOnThroughTheUserRecordsOfAnAggregatedOne() {
    AggregateWriter writer = new AggregateWriter();
    writer.add("a", "{\"n\":1}\n{\"n\":2}\n".getBytes(UTF_8));
    writer.add("b", "not json".getBytes(UTF_8));
    writer.add("c", "[3] [4]".getBytes(UTF_8));

    List<StreamRecord> records =
        Unpacking.unpack(
            List.of(record(7, "{}{}".getBytes(UTF_8)), record(9, writer.toBytes())),
            Documents.MANY);

    assertThat(texts(records))
        .containsExactly(
            "7 outer {}",
            "7.1 outer {}",
            "9 a {\"n\":1}\n",
            "9.1 a {\"n\":2}\n",
            "9.2 b not json",
            "9.3 c [3] ",
            "9.4 c [4]");
  }

  @Test
  void aBrokenAggregatedRecordStaysOneRecordWithItsOwnKey() {
    AggregateWriter writer = new AggregateWriter();
    writer.add("a", "{}".getBytes(UTF_8));
    byte[] broken = writer.toBytes();
    broken[broken.length - 1] ^= 1;
    StreamRecord outer = record(9, broken);

    assertThat(Unpacking.unpack(List.of(outer), Documents.MANY)).containsExactly(outer);
  }

  @Test
  void anAggregatedRecordInsideAnotherIsAPayload() {
    AggregateWriter inner = new AggregateWriter();
    inner.add("a", "{}".getBytes(UTF_8));
    AggregateWriter writer = new AggregateWriter();
    writer.add("b", inner.toBytes());

    List<StreamRecord> records =
        Unpacking.unpack(List.of(record(9, writer.toBytes())), Documents.ONE);

    assertThat(records).hasSize(1);
    assertThat(records.get(0).partitionKey()).isEqualTo("b");
    assertThat(records.get(0).payload()).isEqualTo(inner.toBytes());
  }

  private static StreamRecord record(long sequence, byte[] payload) {
    return new StreamRecord(
        SHARD,
        ShardPosition.of(SequenceNumber.parse(String.valueOf(sequence))),
        "outer",
        ARRIVAL,
        payload);
  }

  private static List<String> texts(List<StreamRecord> records) {
    return records.stream()
        .map(r -> r.position() + " " + r.partitionKey() + " " + new String(r.payload(), UTF_8))
        .toList();
  }
}
