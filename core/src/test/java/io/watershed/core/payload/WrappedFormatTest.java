package io.watershed.core.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.consumer.Position;
import io.watershed.core.aggregate.AggregateProblem;
import io.watershed.core.aggregate.AggregateWriter;
import io.watershed.core.config.PayloadSettings;
import io.watershed.core.config.PayloadSettings.Compression;
import io.watershed.core.config.SchemaSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WrappedFormatTest {
  private static final int HEADER_BYTES = 10;

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"GZIP", "AUTO"})
  void columnsComeFromTheInflatedBytes(Compression compression) {
    assertThat(n(compression, gzip("{\"n\":7}"))).isEqualTo("7");
    // Several members are one document, as gzip(1) has it.
    assertThat(n(compression, concat(gzip("{\"n\""), gzip(""), gzip(":8}")))).isEqualTo("8");
    assertThat(n(compression, gzip(""))).isEqualTo("empty payload");
    assertThat(n(compression, gzip("nonsense"))).isEqualTo("not JSON");
  }

  @Test
  void aPayloadThatIsNoGzipIsReadAsItIsUnlessGzipIsAskedFor() {
    assertThat(n(Compression.AUTO, bytes("{\"n\":7}"))).isEqualTo("7");
    assertThat(n(Compression.NONE, bytes("{\"n\":7}"))).isEqualTo("7");
    assertThat(n(Compression.GZIP, bytes("{\"n\":7}         "))).isEqualTo("not gzip");
    assertThat(n(Compression.GZIP, bytes("{}"))).isEqualTo("gzip: cut off");
    assertThat(n(Compression.NONE, gzip("{\"n\":7}"))).isEqualTo("not UTF-8");
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"GZIP", "AUTO"})
  void whatIsDamagedSaysHow(Compression compression) {
    byte[] whole = gzip("{\"n\":7}");
    for (int length = 3; length < whole.length; length++) {
      assertThat(n(compression, Arrays.copyOf(whole, length)))
          .as("%d bytes", length)
          .isEqualTo("gzip: cut off");
    }
    byte[] checksum = whole.clone();
    checksum[whole.length - 8] ^= 1;
    assertThat(n(compression, checksum)).isEqualTo("gzip: damaged");
    byte[] length = whole.clone();
    length[whole.length - 4] ^= 1;
    assertThat(n(compression, length)).isEqualTo("gzip: damaged");
    byte[] reserved = whole.clone();
    reserved[3] = 0x20;
    assertThat(n(compression, reserved)).isEqualTo("gzip: damaged");
    byte[] body = whole.clone();
    body[HEADER_BYTES] = (byte) 0xff;
    assertThat(n(compression, body)).isEqualTo("gzip: damaged");
    for (byte[] tail : new byte[][] {{0}, bytes("{}"), {0x1f}}) {
      assertThat(n(compression, concat(whole, tail))).isEqualTo("gzip: bytes after its end");
    }
    assertThat(n(compression, concat(whole, new byte[] {0x1f, (byte) 0x8b})))
        .isEqualTo("gzip: cut off");
    assertThat(n(compression, concat(whole, checksum))).isEqualTo("gzip: damaged");
  }

  @Test
  void everyFieldOfTheHeaderIsSkipped() {
    byte[] plain = gzip("{\"n\":7}");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(plain, 0, 3);
    out.write(2 | 4 | 8 | 16);
    out.write(plain, 4, 6);
    out.writeBytes(new byte[] {3, 0, 'x', 'y', 'z'});
    out.writeBytes(bytes("name\0comment\0"));
    CRC32 crc = new CRC32();
    crc.update(out.toByteArray());
    out.write((int) crc.getValue());
    out.write((int) crc.getValue() >> 8);
    int header = out.size();
    out.write(plain, HEADER_BYTES, plain.length - HEADER_BYTES);

    assertThat(n(Compression.GZIP, out.toByteArray())).isEqualTo("7");
    byte[] changed = out.toByteArray();
    changed[header - 1] ^= 1;
    assertThat(n(Compression.GZIP, changed)).isEqualTo("gzip: damaged");
    for (int length = HEADER_BYTES; length <= header; length++) {
      assertThat(n(Compression.GZIP, Arrays.copyOf(changed, length)))
          .isIn("gzip: cut off", "gzip: damaged");
    }
  }

  @Test
  void aBombIsRefusedAtItsBoundWhateverTheBufferHeldBefore() {
    byte[] most = gzip("{\"n\":7}" + " ".repeat(Gunzip.MIN_LIMIT_BYTES - 7));
    byte[] more = gzip("{\"n\":7}" + " ".repeat(Gunzip.MIN_LIMIT_BYTES - 6));
    Shredder shredder = shredder(Compression.GZIP);

    assertThat(n(shredder, more)).isEqualTo("gzip: inflates to too much");
    assertThat(n(shredder, most)).isEqualTo("7");
    // After a large one the buffer is larger than this bound.
    assertThat(n(shredder, gzip(noise(400_000)))).isEqualTo("not JSON");
    assertThat(n(shredder, more)).isEqualTo("gzip: inflates to too much");
    assertThat(n(shredder, most)).isEqualTo("7");
    byte[] bomb = gzip(" ".repeat(40 << 20));
    assertThat(n(shredder, bomb)).isEqualTo("gzip: inflates to too much");
    assertThat(Gunzip.maxInflated(bomb.length)).isLessThan(20 << 20);
  }

  @Test
  void inflatingIsTheSameAsTheJdksForAnySize() {
    Random random = new Random(5);
    Gunzip gunzip = new Gunzip();
    for (int round = 0; round < 200; round++) {
      byte[] bytes = noise(random.nextInt(1 << random.nextInt(18)));
      assertThat(gunzip.inflate(gzip(bytes))).isNull();
      assertThat(gunzip.bytes()).isEqualTo(bytes);
    }
  }

  @Test
  void aReplayedRecordHasTheColumnsOfWhatIsInItsEnvelope() {
    assertThat(n(Compression.AUTO, envelope(gzip("{\"n\":7}")))).isEqualTo("7");
    assertThat(n(Compression.AUTO, envelope(envelope(bytes("{\"n\":7}"))))).isEqualTo("7");
    assertThat(n(Compression.AUTO, envelope(envelope(bytes("[]")))))
        .isEqualTo("JSON, but not an object");
  }

  @Test
  void aBrokenAggregatedRecordSaysWhatIsWrongInEveryFormat() {
    AggregateWriter writer = new AggregateWriter();
    writer.add("key", bytes("{}"));
    byte[] broken = Arrays.copyOf(writer.toBytes(), writer.toBytes().length - 1);

    for (PayloadFormat format : new PayloadFormat[] {PayloadFormat.JSON, PayloadFormat.RAW}) {
      Shredder shredder =
          format.shredder(PayloadLayout.of(PayloadSchema.EMPTY), SchemaSettings.DEFAULTS);
      assertThat(n(shredder, broken)).isEqualTo("aggregated record: wrong checksum");
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyProblemOfAnAggregatedRecordIsADecodeErrorWithTheSameText(AggregateProblem problem) {
    assertThat(DecodeError.of(problem).text()).isEqualTo(problem.text());
  }

  /** The value of n as it is noted, or the error. */
  private static String n(Compression compression, byte[] payload) {
    return n(shredder(compression), payload);
  }

  private static String n(Shredder shredder, byte[] payload) {
    PayloadRow row = shredder.shred(payload);
    DecodeError error = row.decodeError();
    return error != null ? error.text() : String.valueOf(row.longValue(0));
  }

  private static Shredder shredder(Compression compression) {
    PayloadFormat format = PayloadFormat.of(PayloadSettings.DEFAULTS.withCompression(compression));
    Shredder learning =
        format.shredder(PayloadLayout.of(PayloadSchema.EMPTY), SchemaSettings.DEFAULTS);
    learning.shred(compression == Compression.GZIP ? gzip("{\"n\":1}") : bytes("{\"n\":1}"));
    PayloadSchema schema =
        PayloadSchema.EMPTY.grow(learning.observations(), SchemaSettings.DEFAULTS);
    return format.shredder(PayloadLayout.of(schema), SchemaSettings.DEFAULTS);
  }

  private static byte[] envelope(byte[] payload) {
    return Envelope.wrap(
        EnvelopeHeader.of(
            "replay-1",
            new Position("orders@1", "shardId-000000000000", "7", 0),
            Instant.parse("2026-11-20T10:00:00Z"),
            1),
        payload);
  }

  private static byte[] gzip(String text) {
    return gzip(bytes(text));
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    Random random = new Random(length);
    for (int i = 0; i < length; i++) {
      noise[i] = (byte) ('a' + random.nextInt(20));
    }
    return noise;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
