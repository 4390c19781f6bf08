package io.watershed.core.hottail;

import static io.watershed.core.hottail.HotRecords.SHARD;
import static io.watershed.core.hottail.HotRecords.at;
import static io.watershed.core.hottail.HotRecords.position;
import static io.watershed.core.hottail.HotRecords.record;
import static io.watershed.core.hottail.HotRecords.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.checkpoint.After;
import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.hottail.Frames.Kind;
import io.watershed.core.record.StreamRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What goes over the socket, and what is believed of it. */
class HotTailFramesTest {
  private static final HotQuestion QUESTION =
      new HotQuestion(UUID.fromString("0b8f3a52-1111-4222-8333-444455556666"), "o", Documents.MANY);

  /** Writes an answer's frames. */
  private interface Script {
    void write(HotTailWriter writer) throws IOException;
  }

  private static byte[] answer(Script script) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Frames.writeHello(out);
    script.write(HotTailWriter.answer(out, SHARD.incarnation()));
    return out.toByteArray();
  }

  private static byte[] tenToTwelve() throws IOException {
    return answer(
        writer -> {
          writer.beginShard(SHARD.shardId(), at(9), position(12), true);
          writer.records(records(10, 12));
          writer.endShard();
          writer.end();
        });
  }

  private static HotAnswer read(byte[] bytes) throws IOException {
    return read(bytes, 1000, 1 << 20);
  }

  private static HotAnswer read(byte[] bytes, long maxRecords, long maxBytes) throws IOException {
    return HotTailReader.ask(
        new ByteArrayInputStream(bytes),
        new ByteArrayOutputStream(),
        QUESTION,
        maxRecords,
        maxBytes,
        () -> {});
  }

  private static void refused(byte[] bytes, String why) {
    assertThatThrownBy(() -> read(bytes)).isInstanceOf(IOException.class).hasMessageContaining(why);
  }

  @Test
  void theQuestionArrivesAsItWasAsked() throws IOException {
    ByteArrayOutputStream asked = new ByteArrayOutputStream();
    assertThatThrownBy(
            () ->
                HotTailReader.ask(
                    new ByteArrayInputStream(new byte[0]), asked, QUESTION, 1, 1, () -> {}))
        .isInstanceOf(IOException.class);
    assertThat(
            HotTailWriter.question(
                new ByteArrayInputStream(asked.toByteArray()), new ByteArrayOutputStream()))
        .isEqualTo(QUESTION);
  }

  @Test
  void recordsArriveAsTheyWereSent() throws IOException {
    byte[] large = new byte[(3 << 20) + 17];
    Arrays.fill(large, (byte) 0xfe);
    StreamRecord big =
        new StreamRecord(SHARD, position(13), "k", Instant.ofEpochSecond(-5, 999_999_999), large);
    HotAnswer answer =
        read(
            answer(
                writer -> {
                  writer.beginShard("first", new After.Start(), position(2), false);
                  writer.records(List.of(record(1)));
                  writer.records(List.of(record(2)));
                  writer.endShard();
                  writer.beginShard(SHARD.shardId(), at(9), position(13), true);
                  writer.records(records(10, 12));
                  writer.records(List.of(big));
                  writer.endShard();
                  writer.end();
                }),
            1000,
            8 << 20);
    assertThat(answer.shards()).hasSize(2);
    HotShard shard = answer.of(SHARD).orElseThrow();
    assertThat(shard.low()).isEqualTo(at(9));
    assertThat(shard.high()).isEqualTo(position(13));
    assertThat(shard.drained()).isTrue();
    assertThat(shard.records().subList(0, 3).stream().map(HotRecords::text))
        .isEqualTo(records(10, 12).stream().map(HotRecords::text).toList());
    assertThat(shard.records().get(3).payload()).isEqualTo(large);
    assertThat(shard.records().get(3).arrivalTime()).isEqualTo(big.arrivalTime());
  }

  @Test
  void anArchiverThatRefusesIsNoAnswer() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Frames.writeHello(out);
    HotTailWriter.refuse(out, "another table");
    refused(out.toByteArray(), "another table");
  }

  @Test
  void anAnswerThatIsCutOffAnywhereIsNoAnswer() throws IOException {
    byte[] whole = tenToTwelve();
    assertThat(read(whole).shards()).hasSize(1);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(part)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aBitThatChangedAnywhereIsNoticed() throws IOException {
    byte[] whole = tenToTwelve();
    for (int i = 0; i < whole.length * 8; i++) {
      byte[] damaged = whole.clone();
      damaged[i / 8] ^= (byte) (1 << i % 8);
      assertThatThrownBy(() -> read(damaged)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anotherVersionIsNotSpoken() throws IOException {
    byte[] bytes = tenToTwelve();
    bytes[5] = (byte) (Frames.VERSION + 1);
    refused(bytes, "version 2, not 1");
  }

  @Test
  void aFrameThatSaysItIsHugeIsRefusedBeforeItIsRead() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Frames.writeHello(out);
    DataOutputStream data = new DataOutputStream(out);
    data.writeByte(5);
    data.writeInt(Integer.MAX_VALUE);
    data.writeInt(0);
    refused(out.toByteArray(), "refused");
    assertThatThrownBy(() -> Frames.write(out, Kind.RECORDS, new byte[Frames.MAX_BODY_BYTES + 1]))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aRecordThatSaysItIsLongerThanItsFrameIsRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Frames.writeHello(out);
    HotTailWriter writer = HotTailWriter.answer(out, SHARD.incarnation());
    writer.beginShard(SHARD.shardId(), at(9), position(10), false);
    byte[] body =
        FrameText.body(
            data -> {
              data.writeInt(1);
              FrameText.writeRecord(data, record(10));
            });
    int lengthAt = body.length - record(10).payload().length - Integer.BYTES;
    body[lengthAt] = 0x7f;
    Frames.write(out, Kind.RECORDS, body);
    refused(out.toByteArray(), "longer than its frame");
  }

  @Test
  void recordsOutsideTheirRangeAreRefused() throws IOException {
    refused(shardOf(at(9), 12, records(9, 12)), "out of place");
    refused(shardOf(at(9), 12, records(10, 13)), "out of place");
    refused(shardOf(at(9), 12, List.of(record(11), record(10), record(12))), "out of place");
    refused(shardOf(at(9), 12, List.of(record(12), record(12))), "out of place");
  }

  @Test
  void aShardThatDoesNotReachHighIsRefused() throws IOException {
    refused(shardOf(at(9), 12, records(10, 11)), "not complete");
    refused(shardOf(at(9), 12, List.of()), "not complete");
    refused(shardOf(new After.Start(), 12, List.of()), "not complete");
    assertThat(read(shardOf(at(12), 12, List.of())).of(SHARD)).isPresent();
  }

  @Test
  void aShardThatLacksRecordsInTheMiddleIsRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Frames.writeHello(out);
    HotTailWriter writer = HotTailWriter.answer(out, SHARD.incarnation());
    writer.beginShard(SHARD.shardId(), at(9), position(12), false);
    writer.records(List.of(record(10), record(12)));
    Frames.write(out, Kind.SHARD_END, FrameText.body(data -> data.writeLong(3)));
    writer.end();
    refused(out.toByteArray(), "not complete");
  }

  @Test
  void aShardThatIsWithdrawnIsAbsent() throws IOException {
    HotAnswer answer =
        read(
            answer(
                writer -> {
                  writer.beginShard(SHARD.shardId(), at(9), position(12), false);
                  writer.records(records(10, 11));
                  writer.withdrawShard();
                  writer.end();
                }));
    assertThat(answer.of(SHARD)).isEqualTo(Optional.empty());
  }

  @Test
  void anAnswerOfMoreThanAStatementMayReadIsRefused() throws IOException {
    byte[] three = tenToTwelve();
    long bytes = records(10, 12).stream().mapToLong(r -> r.payload().length).sum();
    assertThat(read(three, 3, bytes).shards()).hasSize(1);
    assertThatThrownBy(() -> read(three, 2, bytes)).hasMessageContaining("may read");
    assertThatThrownBy(() -> read(three, 3, bytes - 1)).hasMessageContaining("may read");
  }

  @Test
  void framesOutOfOrderAreRefused() throws IOException {
    ByteArrayOutputStream early = new ByteArrayOutputStream();
    Frames.writeHello(early);
    Frames.write(early, Kind.SHARD, new byte[0]);
    refused(early.toByteArray(), "out of order");
    refused(answer(writer -> writer.records(records(1, 2))), "out of order");
    refused(answer(HotTailWriter::endShard), "out of order");
    refused(
        answer(
            writer -> {
              writer.beginShard(SHARD.shardId(), at(9), position(12), false);
              writer.end();
            }),
        "out of order");
    ByteArrayOutputStream asking = new ByteArrayOutputStream();
    Frames.writeHello(asking);
    Frames.write(asking, Kind.QUESTION, new byte[0]);
    refused(asking.toByteArray(), "does not say");
  }

  private static byte[] shardOf(After low, long high, List<StreamRecord> records)
      throws IOException {
    return answer(
        writer -> {
          writer.beginShard(SHARD.shardId(), low, position(high), false);
          writer.records(records);
          writer.endShard();
          writer.end();
        });
  }
}
