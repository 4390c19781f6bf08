package io.watershed.core.aggregate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.aggregate.Aggregate.UserRecord;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AggregateReaderTest {
  private static final byte[] NOTHING = {};

  @Test
  void everyUserRecordHasItsOwnKeyAndBytes() {
    AggregateWriter writer = new AggregateWriter();
    writer.add("a", "one".getBytes(UTF_8));
    writer.add("Grüße 𝄞", new byte[] {0, -1, 127});
    writer.add("a", NOTHING);

    assertThat(texts(AggregateReader.read(writer.toBytes())))
        .containsExactly("a=[111, 110, 101]", "Grüße 𝄞=[0, -1, 127]", "a=[]");
    assertThat(writer.count()).isEqualTo(3);
  }

  @Test
  void theWriterNeverPromisesLessThanItTakes() {
    AggregateWriter writer = new AggregateWriter();
    for (int i = 0; i < 300; i++) {
      byte[] payload = new byte[i * 7];
      long promised = writer.sizeWith("key-" + i % 40, payload);
      writer.add("key-" + i % 40, payload);
      assertThat((long) writer.toBytes().length).isLessThanOrEqualTo(promised);
    }
  }

  @Test
  void whatLacksTheMarkIsAPlainRecord() {
    assertThat(AggregateReader.read(NOTHING)).isInstanceOf(Aggregate.None.class);
    assertThat(AggregateReader.read("{}".getBytes(UTF_8))).isInstanceOf(Aggregate.None.class);
    byte[] mark = AggregateFormat.mark();
    for (int length = 1; length < mark.length; length++) {
      assertThat(AggregateReader.read(Arrays.copyOf(mark, length)))
          .isInstanceOf(Aggregate.None.class);
    }
    assertThat(AggregateReader.problem("{}".getBytes(UTF_8))).isEmpty();
  }

  @Test
  void aRecordThatMerelyBeginsWithTheMarkIsKeptAndSaysSo() {
    byte[] plain = Arrays.copyOf(AggregateFormat.mark(), 100);

    assertThat(problem(plain)).isEqualTo(AggregateProblem.CHECKSUM);
    assertThat(problem(AggregateFormat.mark())).isEqualTo(AggregateProblem.CUT_OFF);
    assertThat(AggregateReader.problem(plain)).contains(AggregateProblem.CHECKSUM);
  }

  @Test
  void everyCutOffAndEveryChangedByteIsNoticed() {
    AggregateWriter writer = new AggregateWriter();
    writer.add("key", "{\"a\":1}".getBytes(UTF_8));
    byte[] whole = writer.toBytes();

    for (int length = 4; length < whole.length; length++) {
      assertThat(AggregateReader.read(Arrays.copyOf(whole, length)))
          .isInstanceOf(Aggregate.Broken.class);
    }
    for (int at = 4; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      assertThat(problem(changed)).isEqualTo(AggregateProblem.CHECKSUM);
    }
  }

  @Test
  void nothingInItIsAProblemAndNotNothing() {
    assertThat(problem(AggregateWriter.sealed(NOTHING))).isEqualTo(AggregateProblem.NO_RECORDS);
    assertThat(problem(new Message().bytes(1, "key").sealed()))
        .isEqualTo(AggregateProblem.NO_RECORDS);
  }

  @Test
  void lengthsThatLieAreNotBelieved() {
    // A table entry of 2 GiB, of 2^64-1 bytes, and a record that claims one byte too many.
    assertThat(problem(new Message().raw(10, 255, 255, 255, 255, 7).sealed()))
        .isEqualTo(AggregateProblem.LENGTH);
    assertThat(
            problem(new Message().raw(10, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1).sealed()))
        .isEqualTo(AggregateProblem.LENGTH);
    assertThat(problem(new Message().bytes(1, "k").raw(26, 6, 8, 0, 26, 2, 65).sealed()))
        .isEqualTo(AggregateProblem.LENGTH);
    // The data claims to go on beyond its record, into the next one.
    assertThat(
            problem(
                new Message().bytes(1, "k").raw(26, 4, 8, 0, 26, 3, 26, 4, 8, 0, 26, 0).sealed()))
        .isEqualTo(AggregateProblem.LENGTH);
  }

  @Test
  void numbersThatOverflowOrDoNotEndAreRefused() {
    int[] elevenBytes = {8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1};
    int[] tenthTooLarge = {8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2};

    assertThat(problem(new Message().bytes(1, "k").raw(255).sealed()))
        .isEqualTo(AggregateProblem.MALFORMED);
    assertThat(problem(new Message().bytes(1, "k").record(elevenBytes).sealed()))
        .isEqualTo(AggregateProblem.MALFORMED);
    assertThat(problem(new Message().bytes(1, "k").record(tenthTooLarge).sealed()))
        .isEqualTo(AggregateProblem.MALFORMED);
    assertThat(problem(new Message().raw(0, 0).sealed())).isEqualTo(AggregateProblem.MALFORMED);
    assertThat(problem(new Message().raw(11, 12).sealed())).isEqualTo(AggregateProblem.MALFORMED);
    assertThat(problem(new Message().raw(14).sealed())).isEqualTo(AggregateProblem.MALFORMED);
  }

  @Test
  void indexesAreCheckedAgainstTheirTables() {
    int[] second = {8, 1, 26, 1, 65};
    int[] twoToTheThirtyTwo = {8, 128, 128, 128, 128, 16, 26, 1, 65};
    int[] minusOne = {8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 26, 1, 65};
    int[] hashKey = {8, 0, 16, 0, 26, 1, 65};

    for (int[] record : List.of(second, twoToTheThirtyTwo, minusOne, hashKey)) {
      assertThat(problem(new Message().bytes(1, "k").record(record).sealed()))
          .isEqualTo(AggregateProblem.KEY_INDEX);
    }
    assertThat(texts(new Message().bytes(1, "k").bytes(2, "7").record(hashKey).read()))
        .containsExactly("k=[65]");
    // One bad record spoils all: a part of an aggregated record is never archived for the whole.
    assertThat(problem(new Message().bytes(1, "k").record(8, 0, 26, 0).record(second).sealed()))
        .isEqualTo(AggregateProblem.KEY_INDEX);
  }

  @Test
  void whatIsRequiredMustBeThere() {
    assertThat(problem(new Message().bytes(1, "k").record(8, 0).sealed()))
        .isEqualTo(AggregateProblem.FIELD_MISSING);
    assertThat(problem(new Message().bytes(1, "k").record(26, 0).sealed()))
        .isEqualTo(AggregateProblem.FIELD_MISSING);
    assertThat(problem(new Message().bytes(1, "k").record(8, 0, 26, 0, 34, 0).sealed()))
        .isEqualTo(AggregateProblem.FIELD_MISSING);
  }

  @Test
  void fieldsThatComeLaterLateOrTwiceAreReadAsProtobufSays() {
    // Unknown fields of every type, the data twice, the table after the record, a tag.
    Message message =
        new Message()
            .raw(0x21, 1, 2, 3, 4, 5, 6, 7, 8)
            .raw(0x2d, 1, 2, 3, 4)
            .raw(0x30, 5)
            .record(8, 0, 26, 1, 65, 26, 1, 66, 34, 3, 10, 1, 67)
            .bytes(1, "later");

    assertThat(texts(message.read())).containsExactly("later=[66]");
  }

  @Test
  void keysAreTextOfTheLengthThatKinesisAllows() {
    String longest = "𝄞".repeat(AggregateReader.MAX_KEY_CHARACTERS);

    assertThat(texts(new Message().bytes(1, longest).record(8, 0, 26, 0).read())).hasSize(1);
    assertThat(problem(new Message().bytes(1, longest + "a").record(8, 0, 26, 0).sealed()))
        .isEqualTo(AggregateProblem.KEY_TOO_LONG);
    assertThat(problem(new Message().bytes(1, "a".repeat(257)).record(8, 0, 26, 0).sealed()))
        .isEqualTo(AggregateProblem.KEY_TOO_LONG);
    assertThat(problem(new Message().raw(10, 1, 0xff).record(8, 0, 26, 0).sealed()))
        .isEqualTo(AggregateProblem.KEY_NOT_TEXT);
    // A key that nobody uses does no harm.
    assertThat(texts(new Message().bytes(1, "k").raw(10, 1, 0xff).record(8, 0, 26, 1, 65).read()))
        .containsExactly("k=[65]");
  }

  @Test
  void aBombOfTinyRecordsIsRefusedAtItsBound() {
    Message message = new Message().bytes(1, "k");
    for (int i = 0; i < AggregateReader.MAX_RECORDS; i++) {
      message.record(8, 0, 26, 0);
    }
    assertThat(texts(message.read())).hasSize(AggregateReader.MAX_RECORDS);

    assertThat(problem(message.record(8, 0, 26, 0).sealed()))
        .isEqualTo(AggregateProblem.TOO_MANY_RECORDS);
  }

  private static AggregateProblem problem(byte[] record) {
    Aggregate aggregate = AggregateReader.read(record);
    assertThat(aggregate).isInstanceOf(Aggregate.Broken.class);
    return ((Aggregate.Broken) aggregate).problem();
  }

  private static List<String> texts(Aggregate aggregate) {
    assertThat(aggregate).isInstanceOf(Aggregate.Of.class);
    List<String> texts = new ArrayList<>();
    for (UserRecord record : ((Aggregate.Of) aggregate).records()) {
      texts.add(record.partitionKey() + "=" + Arrays.toString(record.payload()));
    }
    return texts;
  }

  /** A protobuf message, byte by byte. */
  private static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Message raw(int... values) {
      for (int value : values) {
        bytes.write(value);
      }
      return this;
    }

    Message bytes(int field, String text) {
      byte[] utf8 = text.getBytes(UTF_8);
      raw(field << 3 | 2);
      if (utf8.length < 128) {
        raw(utf8.length);
      } else {
        raw(utf8.length & 127 | 128, utf8.length >> 7);
      }
      bytes.writeBytes(utf8);
      return this;
    }

    Message record(int... fields) {
      return raw(26, fields.length).raw(fields);
    }

    byte[] sealed() {
      return AggregateWriter.sealed(bytes.toByteArray());
    }

    Aggregate read() {
      return AggregateReader.read(sealed());
    }
  }
}
