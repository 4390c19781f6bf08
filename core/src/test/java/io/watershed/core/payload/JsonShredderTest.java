package io.watershed.core.payload;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.Observations.Observation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonShredderTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "1|LONG|1",
        "-9223372036854775808|LONG|-9223372036854775808",
        "9223372036854775807|LONG|9223372036854775807",
        "9223372036854775808|DOUBLE|9.223372036854776E18",
        "9007199254740993|LONG|9007199254740993",
        "9007199254740993.0|DOUBLE|9.007199254740992E15",
        "-0|DOUBLE|-0.0",
        "-0.0|DOUBLE|-0.0",
        "0|LONG|0",
        "1.0|DOUBLE|1.0",
        "1e2|DOUBLE|100.0",
        "0.1|DOUBLE|0.1",
        "1e-400|DOUBLE|0.0",
        "true|BOOLEAN|true",
        "\"12\"|TEXT|12",
        "\"\"|TEXT|",
        "[ 1,  {\"b\" : 2 } ]|JSON|[ 1,  {\"b\" : 2 } ]",
        "[\"\\ud800\", 1e400]|JSON|[\"\\ud800\", 1e400]",
      })
  void aValueGoesToTheColumnOfItsTypeExactly(String json, ColumnType type, String value) {
    assertThat(columns("{\"a\": " + json + " }"))
        .containsExactlyEntriesOf(Map.of("a " + type, value == null ? "" : value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e400", "-1e400", "\"\\ud800\"", "\"x\\udc00\\ud800y\""})
  void whatNoColumnCanHoldStaysInThePayloadAndIsNoted(String json) {
    byte[] payload = ("{\"a\":" + json + "}").getBytes(UTF_8);
    Shredder shredder = shredder(PayloadSchema.EMPTY);
    assertThat(shredder.shred(payload).decodeError()).isNull();
    assertThat(shredder.observations().seen())
        .containsExactly(new Observation(PayloadPath.of("a"), Optional.empty()));
  }

  @Test
  void nullIsNoValueAndNoPath() {
    assertThat(columns("{\"a\":null,\"b\":1}")).containsExactly(Map.entry("b LONG", "1"));
  }

  @Test
  void escapesBecomeTheTextTheyStandFor() {
    assertThat(columns("{\"a\":\"\\u00e4\\ud834\\udd1e\\u0000\\n\\/\"}"))
        .containsExactly(Map.entry("a TEXT", "\u00e4\ud834\udd1e\0\n/"));
    assertThat(columns("{\"\\u0061\\ud834\\udd1e\":1}"))
        .containsExactly(Map.entry("a\ud834\udd1e LONG", "1"));
  }

  @Test
  void theLastOfEqualKeysWinsWholly() {
    assertThat(columns("{\"a\":1,\"a\":\"x\"}")).containsExactly(Map.entry("a TEXT", "x"));
    assertThat(columns("{\"a\":1,\"a\":null}")).isEmpty();
    assertThat(columns("{\"a\":{\"b\":1,\"c\":2},\"a\":{\"c\":3}}"))
        .containsExactly(Map.entry("a STRUCT", "true"), Map.entry("a/c LONG", "3"));
    assertThat(columns("{\"a\":{\"b\":{\"c\":1}},\"a\":5,\"\\u0061\":{}}")).isEmpty();
  }

  @Test
  void theLastOfEqualKeysWinsInColumnsThatExist() {
    PayloadSchema schema =
        grown(
            "{\"a\":1}",
            "{\"a\":{\"b\":1,\"c\":{\"d\":1}}}",
            "{\"a\":\"x\"}",
            "{\"a\":{\"b\":\"x\"}}");
    assertThat(columns(schema, "{\"a\":{\"b\":1,\"c\":{\"d\":1}},\"a\":{\"b\":\"y\"}}"))
        .containsExactly(Map.entry("a STRUCT", "true"), Map.entry("a/b TEXT", "y"));
    assertThat(columns(schema, "{\"a\":{\"b\":1},\"a\":\"z\"}"))
        .containsExactly(Map.entry("a TEXT", "z"));
  }

  @Test
  void objectsAreStructsDownToTheBoundAndTextBelow() {
    assertThat(columns("{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\": 1}, \"g\":2}}}}}"))
        .containsExactly(
            Map.entry("a STRUCT", "true"),
            Map.entry("a/b STRUCT", "true"),
            Map.entry("a/b/c STRUCT", "true"),
            Map.entry("a/b/c/d STRUCT", "true"),
            Map.entry("a/b/c/d/e JSON", "{\"f\": 1}"),
            Map.entry("a/b/c/d/g LONG", "2"));
  }

  @Test
  void theEnvelopeOfAReplayIsNoColumnButAMemberOfThatNameDeeperIs() {
    assertThat(columns("{\"_watershed\":{\"id\":1},\"a\":{\"_watershed\":2}}"))
        .containsExactly(Map.entry("a STRUCT", "true"), Map.entry("a/_watershed LONG", "2"));
  }

  @Test
  void anEmptyObjectIsThereButMakesNoColumn() {
    Shredder shredder = shredder(PayloadSchema.EMPTY);
    shredder.shred("{\"a\":{}}".getBytes(UTF_8));
    assertThat(shredder.observations().seen())
        .containsExactly(new Observation(PayloadPath.of("a"), Optional.of(ColumnType.STRUCT)));
    assertThat(PayloadSchema.EMPTY.grow(shredder.observations(), SchemaSettings.DEFAULTS))
        .isEqualTo(PayloadSchema.EMPTY);
    assertThat(columns(grown("{\"a\":{\"b\":1}}"), "{\"a\":{}}"))
        .containsExactly(Map.entry("a STRUCT", "true"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "|EMPTY",
        " |EMPTY",
        "{|NOT_JSON",
        "{\"a\":1|NOT_JSON",
        "{\"a\":NaN}|NOT_JSON",
        "{\"a\":Infinity}|NOT_JSON",
        "{\"a\":+1}|NOT_JSON",
        "{\"a\":01}|NOT_JSON",
        "{\"a\":.5}|NOT_JSON",
        "{\"a\":1.}|NOT_JSON",
        "{\"a\":1,}|NOT_JSON",
        "{'a':1}|NOT_JSON",
        "{a:1}|NOT_JSON",
        "{\"a\":1/**/}|NOT_JSON",
        "{\"a\":\"\\x\"}|NOT_JSON",
        "{\"a\":\"\t\"}|NOT_JSON",
        "{\"a\" 1}|NOT_JSON",
        "plain text|NOT_JSON",
        "{\"\\ud800\":1}|NOT_JSON",
        "[1,|NOT_JSON",
        "{\"a\":1}x|TRAILING_TEXT",
        "{\"a\":1} {\"a\":2}|TRAILING_TEXT",
        "{}}|TRAILING_TEXT",
        "1 2|TRAILING_TEXT",
        "[{\"a\":1}]|NOT_AN_OBJECT",
        "\"text\"|NOT_AN_OBJECT",
        "12|NOT_AN_OBJECT",
        "null|NOT_AN_OBJECT",
        "true|NOT_AN_OBJECT",
      })
  void whatIsNotOneJsonObjectHasAnErrorAndNoColumns(String json, DecodeError error) {
    assertFails((json == null ? "" : json).getBytes(UTF_8), error);
  }

  @Test
  void bytesThatAreNotUtf8HaveAnErrorWhereverTheyAre() {
    for (int[] bad :
        new int[][] {
          {0xff},
          {0x80},
          {0xc3},
          {0xc0, 0x80},
          {0xe0, 0x80, 0x80},
          {0xed, 0xa0, 0x80},
          {0xf4, 0x90, 0x80, 0x80},
          {0xf5, 0x80, 0x80, 0x80},
          {0xe2, 0x82},
          {0xf0, 0x9f, 0x98}
        }) {
      for (String pattern :
          List.of("{\"a\":\"?\"}", "{\"?\":1}", "{\"a\":1}?", "?", "{\"a\":[\"?\"]}")) {
        assertFails(withBytes(pattern, bad), DecodeError.NOT_UTF8);
      }
    }
    assertFails("{\"a\":1}".getBytes(UTF_16LE), DecodeError.NOT_JSON);
    assertFails(withBytes("?{\"a\":1}", 0xef, 0xbb, 0xbf), DecodeError.BYTE_ORDER_MARK);
    assertFails(withBytes("{\"a\":\"?\"}", 0), DecodeError.NOT_JSON);
  }

  @Test
  void limitsAreExact() {
    assertThat(error(nested(JsonLimits.MAX_NESTING))).isNull();
    assertThat(error(nested(JsonLimits.MAX_NESTING + 1))).isEqualTo(DecodeError.TOO_DEEP);
    assertThat(error(nested(100_000))).isEqualTo(DecodeError.TOO_DEEP);
    assertThat(error("[".repeat(100_000))).isEqualTo(DecodeError.TOO_DEEP);
    String digits = "1".repeat(JsonLimits.MAX_NUMBER_DIGITS);
    for (String shape : List.of("{\"a\":%s}", "{\"a\":-%s}", "{\"a\":[%s]}")) {
      assertThat(error(String.format(shape, digits))).isNull();
      assertThat(error(String.format(shape, digits + "1"))).isEqualTo(DecodeError.NUMBER_TOO_LONG);
    }
    assertThat(error("{\"a\":0." + digits + "}")).isEqualTo(DecodeError.NUMBER_TOO_LONG);
    assertThat(error("{\"a\":0." + digits.substring(1) + "}")).isNull();
    byte[] large = new byte[JsonLimits.MAX_PAYLOAD_BYTES + 1];
    Arrays.fill(large, (byte) ' ');
    large[0] = '{';
    large[large.length - 2] = '}';
    assertFails(large, DecodeError.TOO_LARGE);
    assertThat(
            shredder(PayloadSchema.EMPTY)
                .shred(Arrays.copyOf(large, large.length - 1))
                .decodeError())
        .isNull();
  }

  @Test
  void longKeysAndTextsAreNoProblem() {
    String long1 = "k".repeat(100_000);
    assertThat(error("{\"" + long1 + "\":\"" + "t".repeat(9_000_000) + "\"}")).isNull();
  }

  @Test
  void aBrokenPayloadLeavesNoTrace() {
    PayloadSchema schema = grown("{\"a\":1}");
    Shredder shredder = shredder(schema);
    PayloadRow row = shredder.shred("{\"a\":1,\"b\":2,\"c\":{\"d\":1},".getBytes(UTF_8));
    assertThat(row.decodeError()).isEqualTo(DecodeError.NOT_JSON);
    assertThat(row.isPresent(0)).isFalse();
    assertThat(shredder.observations()).isEqualTo(Observations.NONE);
    shredder.shred("{\"b\":2}".getBytes(UTF_8));
    assertThat(shredder.observations().seen()).hasSize(1);
  }

  @Test
  void notesAreBoundedAndSayThatThereWereMore() {
    SchemaSettings settings = new SchemaSettings(2, 128, 3);
    Shredder shredder =
        PayloadFormat.JSON.shredder(PayloadLayout.of(PayloadSchema.EMPTY), settings);
    for (int i = 0; i < 7; i++) {
      shredder.shred(("{\"k" + i + "\":1}").getBytes(UTF_8));
    }
    assertThat(shredder.observations().seen()).hasSize(7);
    assertThat(shredder.observations().more()).isFalse();
    shredder.shred("{\"k7\":1}".getBytes(UTF_8));
    assertThat(shredder.observations().seen()).hasSize(7);
    assertThat(shredder.observations().more()).isTrue();
    UnlistedPaths unlisted = UnlistedPaths.of(shredder.observations(), settings);
    assertThat(unlisted.texts()).containsExactly("$.k0 long", "$.k1 long", "$.k2 long", "*");
    assertThat(unlisted.mayHold(PayloadPath.of("anything"), ColumnType.TEXT)).isTrue();
  }

  @Test
  void aPayloadWithAMillionKeysIsBoundedToo() {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < 500_000; i++) {
      json.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":{}");
    }
    Shredder shredder = shredder(PayloadSchema.EMPTY);
    assertThat(shredder.shred(json.append("}").toString().getBytes(UTF_8)).decodeError()).isNull();
    assertThat(shredder.observations().seen()).hasSize(1100);
    assertThat(shredder.observations().more()).isTrue();
  }

  private static byte[] withBytes(String pattern, int... bytes) {
    byte[] result = new byte[pattern.length() - 1 + bytes.length];
    int at = 0;
    for (char c : pattern.toCharArray()) {
      if (c == '?') {
        for (int b : bytes) {
          result[at++] = (byte) b;
        }
      } else {
        result[at++] = (byte) c;
      }
    }
    return result;
  }

  private static String nested(int levels) {
    return "{\"a\":" + "[".repeat(levels - 1) + "]".repeat(levels - 1) + "}";
  }

  private static DecodeError error(String json) {
    return shredder(grown("{\"a\":1}")).shred(json.getBytes(UTF_8)).decodeError();
  }

  private static void assertFails(byte[] payload, DecodeError error) {
    PayloadLayout layout = PayloadLayout.of(grown("{\"a\":1}", "{\"a\":\"x\"}", "{\"a\":[]}"));
    PayloadRow row = PayloadFormat.JSON.shredder(layout, SchemaSettings.DEFAULTS).shred(payload);
    assertThat(row.decodeError())
        .as(new String(payload, 0, Math.min(50, payload.length), UTF_8))
        .isEqualTo(error);
    layout.slots().forEach(slot -> assertThat(row.isPresent(slot.index())).isFalse());
  }

  private static Map<String, String> columns(String json) {
    return columns(grown(json), json);
  }

  private static Map<String, String> columns(PayloadSchema schema, String json) {
    PayloadLayout layout = PayloadLayout.of(schema);
    PayloadRow row = shredder(schema).shred(json.getBytes(UTF_8));
    assertThat(row.decodeError()).isNull();
    Map<String, String> found = new TreeMap<>();
    for (PayloadLayout.Slot slot : layout.slots()) {
      Object value = ShredderPropertyTest.value(row, slot);
      if (value != null) {
        found.put(
            String.join("/", slot.path().keys()) + " " + slot.column().type(), value.toString());
      }
    }
    return found;
  }

  private static Shredder shredder(PayloadSchema schema) {
    return PayloadFormat.JSON.shredder(PayloadLayout.of(schema), SchemaSettings.DEFAULTS);
  }

  private static PayloadSchema grown(String... payloads) {
    Shredder shredder = shredder(PayloadSchema.EMPTY);
    for (String payload : payloads) {
      shredder.shred(payload.getBytes(UTF_8));
    }
    return PayloadSchema.EMPTY.grow(shredder.observations(), SchemaSettings.DEFAULTS);
  }
}
