package io.watershed.consumer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  static final Position ORIGIN =
      new Position(
          "orders@20261123T100000.000Z",
          "shardId-000000000007",
          "49590338271490256608559692538361571095921575989136588898",
          3);
  static final EnvelopeHeader HEADER =
      EnvelopeHeader.of("3f9a0c", ORIGIN, Instant.parse("2026-11-23T10:00:00.123Z"), 1);

  @Test
  void aJsonObjectGetsOneMoreFirstMember() {
    String wrapped = new String(Envelope.wrap(HEADER, utf8("{\"a\":1}")), UTF_8);

    assertThat(wrapped)
        .isEqualTo(
            "{\"_watershed\":{\"v\":1,\"len\":\"00310\",\"replay\":\"3f9a0c\","
                + "\"stream\":\"orders@20261123T100000.000Z\",\"shard\":\"shardId-000000000007\","
                + "\"sequence\":\"49590338271490256608559692538361571095921575989136588898\","
                + "\"sub\":3,\"arrival\":\"2026-11-23T10:00:00.123Z\",\"epoch\":1,\"sha256\":\""
                + "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862\"},\"a\":1}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-23T10:00:00Z",
        "2026-11-23T10:00:00.100Z",
        "2026-11-23T10:00:00.120003Z",
        "2026-11-23T10:00:00.000000001Z",
        "1969-12-31T23:59:59.999Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z",
        "-0001-12-31T23:59:59Z",
        "+10000-01-01T00:00:00Z",
        "-1000000000-01-01T00:00:00Z",
        "+1000000000-12-31T23:59:59.999999999Z"
      })
  void anArrivalIsWrittenAsJavaWritesInstants(String text) {
    Instant arrival = Instant.parse(text);

    byte[] wrapped = Envelope.wrap(EnvelopeHeader.of("r", ORIGIN, arrival, 1), utf8("{}"));

    assertThat(new String(wrapped, UTF_8)).contains(",\"arrival\":\"" + arrival + "\",");
    assertThat(Envelope.unwrap(wrapped).orElseThrow().header().arrival()).isEqualTo(arrival);
  }

  @Test
  void noEnvelopeAddsMoreThanItsBound() {
    String longest = "x".repeat(EnvelopeFormat.MAX_HEADER_BYTES - 400);
    EnvelopeHeader header =
        new EnvelopeHeader("r", ORIGIN, Instant.EPOCH, 1, Optional.empty(), Map.of("a", longest));
    for (EnvelopeForm form : EnvelopeForm.values()) {
      for (String payload : new String[] {"", "{}", "{\"a\":1}", " \n{}", "text"}) {
        assertThat(Envelope.wrappedSize(form, header, utf8(payload)))
            .isBetween(
                payload.length() + (long) longest.length(),
                payload.length() + (long) Envelope.MAX_ADDED_BYTES);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{ }",
        "{\n}\n",
        "{\"a\":1}",
        "{ \"a\" : 1 }\r\n",
        " \t\r\n{\"a\":1}",
        "\ufeff{\"a\":1}",
        "\ufeff \n{}",
        "{\"a\":\"}{\\\"}}\\\\\"}",
        "{\"a\":{\"b\":[{}]}}",
        "{\"note\":\"the \\\"_watershed\\\" member\"}",
        "{\"deep\":{\"_watershed\":{\"v\":1}}}",
        "{\"deep\":[{\"_watershed\":1}]}",
        "{\"value\":\"_watershed\"}",
        "{}garbage}",
        "{\"broken\":}"
      })
  void whatLooksLikeAJsonObjectStaysOneAndComesBackExactly(String payload) {
    byte[] wrapped = Envelope.wrap(HEADER, utf8(payload));

    assertThat(new String(wrapped, UTF_8)).startsWith("{\"_watershed\":{\"v\":1,\"len\":\"");
    assertRoundTrip(HEADER, utf8(payload));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "{,\"a\":1}",
        "{a:1}",
        "[1,2]",
        "\"text\"",
        "12",
        "null",
        "{\"cut\":",
        "{\"_watershed\":5,\"a\":1}",
        "{\"a\":1, \"_watershed\" : 5}",
        "{\"a\":1,\"_watershed\":{\"v\":1}}",
        "{\"_watershed\":{\"v\":1,\"len\":\"00020\"}}",
        " {\"_watershed\":{\"v\":1,\"len\":\"00020\"},\"a\":1}",
        "\ufeff"
      })
  void anyOtherPayloadGetsABinaryHeaderAndComesBackExactly(String payload) {
    byte[] wrapped = Envelope.wrap(HEADER, utf8(payload));

    assertThat(wrapped).startsWith(0xf7, 'W', 'S', 'H', 'D', 1, 0, 0);
    assertRoundTrip(HEADER, utf8(payload));
  }

  @Test
  void theHeaderFormLeavesEveryPayloadInOnePiece() {
    for (String payload : new String[] {"{\"a\":1}", "{}", "plain", ""}) {
      byte[] wrapped = Envelope.wrap(EnvelopeForm.HEADER, HEADER, utf8(payload));

      assertThat(wrapped).startsWith(0xf7, 'W', 'S', 'H', 'D', 1, 0, 0).endsWith(utf8(payload));
    }
  }

  @Test
  void aLongLeadIsNotKeptInAJsonHeader() {
    assertRoundTrip(HEADER, utf8(" ".repeat(64) + "{}"));
    assertRoundTrip(HEADER, utf8(" ".repeat(65) + "{}"));
    assertThat(Envelope.wrap(HEADER, utf8(" ".repeat(64) + "{}"))[0]).isEqualTo((byte) '{');
    assertThat(Envelope.wrap(HEADER, utf8(" ".repeat(65) + "{}"))[0]).isEqualTo((byte) 0xf7);
  }

  @Test
  void otherEncodingsComeBackExactly() {
    assertRoundTrip(HEADER, "{\"a\":1}".getBytes(UTF_16LE));
    assertRoundTrip(HEADER, "{\"städt\":\"Köln\"}".getBytes(ISO_8859_1));
    assertRoundTrip(HEADER, new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
  }

  @Test
  void aReplayOfAReplayEnclosesTheFirstHeaderAndUnwrapsOneByOne() {
    byte[] original = utf8("\ufeff{ \"a\":1}");
    byte[] once = Envelope.wrap(HEADER, original);
    byte[] twice = Envelope.wrap(at(9), once);
    byte[] thrice = Envelope.wrap(at(10), twice);

    assertThat(new String(thrice, UTF_8)).startsWith("{\"_watershed\":").endsWith(", \"a\":1}");
    assertThat(Envelope.unwrap(thrice).orElseThrow().payload()).isEqualTo(twice);
    assertThat(Envelope.unwrap(twice).orElseThrow().payload()).isEqualTo(once);
    assertThat(Envelope.unwrap(once).orElseThrow().payload()).isEqualTo(original);
    assertThat(occurrences(new String(thrice, UTF_8), "\"_watershed\"")).isEqualTo(1);
  }

  @Test
  void envelopesNestAsDeepAsAnyoneLikes() {
    byte[] original = utf8("{\"a\":1}");
    byte[] wrapped = original;
    for (int i = 0; i < 300; i++) {
      wrapped = Envelope.wrap(at(i), wrapped);
    }
    for (int i = 299; i >= 0; i--) {
      Envelope envelope = Envelope.unwrap(wrapped).orElseThrow();
      assertThat(envelope.header().origin().sub()).isEqualTo(i);
      assertThat(envelope.isIntact()).isTrue();
      wrapped = envelope.payload();
    }
    assertThat(wrapped).isEqualTo(original);
  }

  @Test
  void headerTextOfAnyKindComesBack() {
    Map<String, String> annotations =
        Map.of(
            "quote\"\\", "line\nend\0", "städt", "Köln 🚰 \ud800 lone", "braces", "}{\"},", "", "");
    EnvelopeHeader header =
        new EnvelopeHeader(
            "id \"1\"", ORIGIN, Instant.EPOCH, Long.MAX_VALUE, Optional.of(ORIGIN), annotations);

    assertRoundTrip(header, utf8("{\"a\":1}"));
    assertRoundTrip(header, utf8("plain"));
  }

  @Test
  void aHeaderThatIsTooLongForItsFieldIsRefused() {
    EnvelopeHeader header =
        new EnvelopeHeader(
            "r", ORIGIN, Instant.EPOCH, 1, Optional.empty(), Map.of("a", "x".repeat(65_536)));

    assertThatThrownBy(() -> Envelope.wrap(header, utf8("{}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65535");
  }

  @Test
  void aChangedPayloadIsNotIntact() {
    byte[] wrapped = Envelope.wrap(HEADER, utf8("{\"a\":1}"));
    wrapped[wrapped.length - 2] = '2';
    Envelope envelope = Envelope.unwrap(wrapped).orElseThrow();

    assertThat(envelope.payload()).isEqualTo(utf8("{\"a\":2}"));
    assertThat(envelope.isIntact()).isFalse();
  }

  @Test
  void aRewrittenOrCutEnvelopeIsNone() {
    String wrapped = new String(Envelope.wrap(HEADER, utf8("{\"a\":1}")), UTF_8);
    String[] others = {
      wrapped.replace("{\"_watershed\":{", "{ \"_watershed\": {"),
      wrapped.replace("\"v\":1", "\"v\":2"),
      wrapped.replace("00310", "00309"),
      wrapped.replace("00310", "99999"),
      wrapped.replace("00310", "-0310"),
      wrapped.replace("00310", "00000"),
      wrapped.replace("\"sub\":3", "\"sub\":-"),
      wrapped.replace("\"sub\":3", "\"shb\":3"),
      wrapped.replace("\"epoch\":1", "\"sub\":12"),
      wrapped.replace("2026-11", "2026-13"),
      wrapped.replace("sha256\":\"0", "sha256\":\"x"),
      wrapped.replace("3f9a0c", "3f9a0\u00e9"),
      wrapped.substring(0, 200),
      wrapped.substring(0, 14 + 310),
    };
    for (String other : others) {
      assertThat(other).isNotEqualTo(wrapped);
      assertThat(Envelope.unwrap(other.getBytes(ISO_8859_1))).as(other).isEmpty();
    }
  }

  @Test
  void aBinaryEnvelopeThatWasCutOrExtendedIsNone() {
    byte[] wrapped = Envelope.wrap(HEADER, utf8("plain"));
    for (int length = 0; length < wrapped.length; length++) {
      assertThat(Envelope.unwrap(Arrays.copyOf(wrapped, length))).isEmpty();
    }
    assertThat(Envelope.unwrap(Arrays.copyOf(wrapped, wrapped.length + 1))).isEmpty();
  }

  @Test
  void membersOfLaterVersionsAreSkipped() {
    String wrapped = new String(Envelope.wrap(HEADER, utf8("{\"a\":1}")), UTF_8);
    String members = "\"later\":[{\"x\":-1.5e3},[],{},true,false,null,\"\\u00e9\"],";
    String later =
        wrapped
            .replace("00310", "00" + (310 + members.length()))
            .replace("\"sub\":3,", "\"sub\":3," + members);

    Envelope envelope = Envelope.unwrap(utf8(later)).orElseThrow();

    assertThat(envelope.header()).isEqualTo(HEADER);
    assertThat(envelope.payload()).isEqualTo(utf8("{\"a\":1}"));
  }

  @Test
  void liveRecordsAreNotReplayed() {
    for (String live : new String[] {"", "{}", "{\"a\":1}", "{\"_watershed\":1}", "text"}) {
      assertThat(Envelope.isReplayed(utf8(live))).isFalse();
      assertThat(Envelope.unwrap(utf8(live))).isEmpty();
    }
  }

  @Test
  void anyBytesComeBackExactly() {
    Random random = new Random(42);
    String alphabet = "{}{}\"\"\\:,[] \n_watershed1\u0000\u00f7\u00ef\u00bb\u00bf";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "{\"" : "");
      int length = random.nextInt(40);
      for (int j = 0; j < length; j++) {
        text.append(
            random.nextInt(8) == 0
                ? "\"_watershed\":"
                : String.valueOf(alphabet.charAt(random.nextInt(alphabet.length()))));
      }
      text.append(random.nextBoolean() ? "}" : "");
      byte[] payload = text.toString().getBytes(ISO_8859_1);
      assertRoundTrip(HEADER, random.nextInt(4) == 0 ? Envelope.wrap(at(i), payload) : payload);
    }
  }

  @Test
  void damagedEnvelopesNeverThrow() {
    Random random = new Random(7);
    byte[][] seeds = {
      Envelope.wrap(HEADER, utf8("{\"a\":1}")),
      Envelope.wrap(HEADER, utf8("plain")),
      Envelope.wrap(at(1), Envelope.wrap(HEADER, utf8("{\"a\":1}")))
    };
    for (int i = 0; i < 30_000; i++) {
      byte[] bytes = seeds[i % seeds.length].clone();
      for (int j = random.nextInt(3); j >= 0; j--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Envelope.unwrap(bytes).ifPresent(Envelope::isIntact);
      Envelope.wrap(HEADER, bytes);
    }
  }

  private static void assertRoundTrip(EnvelopeHeader header, byte[] payload) {
    for (EnvelopeForm form : EnvelopeForm.values()) {
      byte[] wrapped = Envelope.wrap(form, header, payload);
      Envelope envelope = Envelope.unwrap(wrapped).orElseThrow();
      assertThat(Envelope.isReplayed(wrapped)).isTrue();
      assertThat(envelope.payload()).isEqualTo(payload);
      assertThat(envelope.header()).isEqualTo(header);
      assertThat(envelope.isIntact()).isTrue();
      assertThat(Envelope.wrappedSize(form, header, payload)).isEqualTo(wrapped.length);
    }
  }

  private static EnvelopeHeader at(long sub) {
    Position origin = new Position(ORIGIN.stream(), ORIGIN.shard(), ORIGIN.sequence(), sub);
    return EnvelopeHeader.of("again", origin, Instant.EPOCH, 1);
  }

  private static int occurrences(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
