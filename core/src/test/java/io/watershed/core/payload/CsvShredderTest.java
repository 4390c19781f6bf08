package io.watershed.core.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.consumer.Position;
import io.watershed.core.config.DeclaredColumn;
import io.watershed.core.config.DeclaredSchema;
import io.watershed.core.config.DeclaredType;
import io.watershed.core.config.PayloadSettings.Compression;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.error.WatershedException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvShredderTest {
  private static final CsvFormat FORMAT =
      format(',', "id long", "price double", "n number", "name text", "paid boolean");

  @Test
  void fieldsBelongToTheDeclaredColumnsInOrder() {
    assertThat(values("7,1.5,2,Ann,true"))
        .hasToString("{id=7, n=2, name=Ann, paid=true, price=1.5}");
    assertThat(values("-0,1e3,2.5,,false"))
        .hasToString("{id__text=-0, n__double=2.5, paid=false, price=1000.0}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "007",
        " 5",
        "5 ",
        "+5",
        "1_000",
        "0x1",
        "1.0",
        "1e2",
        "9223372036854775808",
        "--1",
        "-",
        "five",
        "\u0665"
      })
  void whatIsNoSuchIntegerIsText(String field) {
    assertThat(values(field)).isEqualTo(Map.of("id__text", field));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.",
        ".5",
        "01.5",
        "1e",
        "1e+",
        "1,5e",
        "NaN",
        "Infinity",
        "1e400",
        "0x1p3",
        "1f",
        "9007199254740993",
        "123456789012345678901234567890"
      })
  void whatIsNoSuchDoubleIsText(String field) {
    String quoted = field.contains(",") ? "\"" + field + "\"" : field;
    assertThat(values("," + quoted)).isEqualTo(Map.of("price__text", field));
  }

  @ParameterizedTest
  @CsvSource({
    "12,12",
    "-0,-0.0",
    "0.1,0.1",
    "9007199254740992,9007199254740992",
    "1E-2,0.01",
    "4.9e-324,4.9e-324"
  })
  void aDoubleHoldsAnIntegerOnlyIfThatIsTheNumber(String field, double value) {
    assertThat(values("," + field)).isEqualTo(Map.of("price", value));
  }

  @Test
  void aNumberIsLongOrDoubleAsInJson() {
    assertThat(values(",,9223372036854775807")).isEqualTo(Map.of("n", Long.MAX_VALUE));
    assertThat(values(",,9223372036854775808")).isEqualTo(Map.of("n__double", 0x1p63));
    assertThat(values(",,many")).isEqualTo(Map.of("n__text", "many"));
  }

  @Test
  void onlyTheTwoWordsAreBooleans() {
    for (String word : List.of("TRUE", "True", "1", "t", "yes", "truee", "tru")) {
      assertThat(values(",,,," + word)).isEqualTo(Map.of("paid__text", word));
    }
  }

  @Test
  void quotesAreAsTheRfcSays() {
    assertThat(values(",,,\"a,b\"")).isEqualTo(Map.of("name", "a,b"));
    assertThat(values(",,,\"say \"\"hi\"\"\"")).isEqualTo(Map.of("name", "say \"hi\""));
    assertThat(values(",,,\"\"\"\"")).isEqualTo(Map.of("name", "\""));
    assertThat(values(",,,\"two\r\nlines\",true"))
        .isEqualTo(Map.of("name", "two\r\nlines", "paid", true));
    assertThat(values("\"12\"")).isEqualTo(Map.of("id", 12L));
    assertThat(values(",,,gr\u00f6\u00dfe \ud834\udd1e"))
        .isEqualTo(Map.of("name", "gr\u00f6\u00dfe \ud834\udd1e"));
    assertThat(values(",,, spaced ")).isEqualTo(Map.of("name", " spaced "));
  }

  @Test
  void anEmptyFieldIsNoValueAndAnEmptyTextIsOne() {
    assertThat(values(",,,,")).isEmpty();
    assertThat(values(",,,\"\",")).isEqualTo(Map.of("name", ""));
    assertThat(values("\"\"")).isEqualTo(Map.of("id__text", ""));
    assertThat(values("1")).isEqualTo(Map.of("id", 1L));
  }

  @Test
  void aLineMayEndWithALineBreak() {
    assertThat(values("1\n")).isEqualTo(Map.of("id", 1L));
    assertThat(values("1\r\n")).isEqualTo(Map.of("id", 1L));
    assertThat(values("1,\n")).isEqualTo(Map.of("id", 1L));
  }

  @Test
  void whatIsNotOneLineHasAnErrorAndNoValues() {
    assertThat(error("1\n2")).isEqualTo(DecodeError.SEVERAL_LINES);
    assertThat(error("1\n\n")).isEqualTo(DecodeError.SEVERAL_LINES);
    assertThat(error("1\r2")).isEqualTo(DecodeError.NOT_CSV);
    assertThat(error("1\r")).isEqualTo(DecodeError.NOT_CSV);
    assertThat(error("1,a\"b")).isEqualTo(DecodeError.NOT_CSV);
    assertThat(error("1,\"a")).isEqualTo(DecodeError.NOT_CSV);
    assertThat(error("1,\"a\"b")).isEqualTo(DecodeError.NOT_CSV);
    assertThat(error("1,\"a\"\"")).isEqualTo(DecodeError.NOT_CSV);
    assertThat(error("")).isEqualTo(DecodeError.EMPTY);
    assertThat(
            FORMAT
                .shredder(layout(FORMAT, true), all(layout(FORMAT, true)))
                .shred(new byte[] {'1', ',', (byte) 0xff})
                .decodeError())
        .isEqualTo(DecodeError.NOT_UTF8);
    assertThat(values("1,\"a")).isEmpty();
  }

  @Test
  void moreFieldsThanColumnsMayHoldAnything() {
    Shredder shredder = FORMAT.shredder(layout(FORMAT, true), SchemaSettings.DEFAULTS);
    shredder.shred("1,,,,,,".getBytes(UTF_8));
    assertThat(shredder.observations()).isEqualTo(Observations.NONE);
    shredder.shred("1,,,,,\"broken".getBytes(UTF_8));
    assertThat(shredder.observations()).isEqualTo(Observations.NONE);
    shredder.shred("1,,,,,x".getBytes(UTF_8));
    assertThat(shredder.observations().more()).isTrue();
  }

  @Test
  void aFieldThatDoesNotFitGetsATextColumnUnlessTheSchemaIsClosed() {
    PayloadSchema open = grown(FORMAT, "x,x");
    assertThat(open.columns()).extracting(PayloadColumn::name).contains("id__text", "price__text");
    CsvFormat closed =
        new CsvFormat(new DeclaredSchema(columns("id long", "b boolean"), false), ',');
    assertThat(grown(closed, "x,x").columns())
        .extracting(PayloadColumn::name)
        .containsExactly("id", "b");
    Shredder shredder =
        closed.shredder(layout(closed, false), closed.schema(SchemaSettings.DEFAULTS));
    shredder.shred("x,true".getBytes(UTF_8));
    assertThat(UnlistedPaths.of(shredder.observations(), SchemaSettings.DEFAULTS).texts())
        .containsExactly("$.id text");
  }

  @Test
  void otherDelimiters() {
    CsvFormat tabs = format('\t', "a long", "b text");
    assertThat(values(tabs, "1\tx,y")).isEqualTo(Map.of("a", 1L, "b", "x,y"));
    CsvFormat pipes = format('|', "a long", "b text");
    assertThat(values(pipes, "1|\"x|y\"")).isEqualTo(Map.of("a", 1L, "b", "x|y"));
  }

  @Test
  void aReplayedLineIsReadBehindItsEnvelope() {
    byte[] wrapped =
        Envelope.wrap(
            EnvelopeHeader.of(
                "r",
                new Position("s@20250101T000000.000Z", "shardId-0", "42", 0),
                Instant.EPOCH,
                1),
            "5,,,x".getBytes(UTF_8));
    PayloadLayout layout = layout(FORMAT, true);
    assertThat(
            values(
                new WrappedFormat(FORMAT, Compression.NONE)
                    .shredder(layout, all(layout))
                    .shred(wrapped),
                layout))
        .isEqualTo(Map.of("id", 5L, "name", "x"));
  }

  @Test
  void columnsMayBeAddedAtTheEndOnly() {
    PayloadLayout table = PayloadLayout.of(grown(format(',', "a long", "b text"), "x,y"));
    format(',', "a long", "b text", "c long").shredder(table, SchemaSettings.DEFAULTS);
    format(',', "a text", "b text").shredder(table, SchemaSettings.DEFAULTS);
    for (CsvFormat other :
        List.of(
            format(',', "b text", "a long"),
            format(',', "z long", "a long", "b text"),
            format(',', "a long", "z text", "b text"))) {
      assertThatThrownBy(() -> other.shredder(table, SchemaSettings.DEFAULTS))
          .isInstanceOf(WatershedException.class)
          .hasMessageContaining("do not begin with");
    }
  }

  /** Fields at random, written by the RFC's rules, are read back as they were. */
  @Test
  void randomLinesReadBack() {
    Random random = new Random(11);
    List<String> parts =
        List.of("a", "\"", ",", "\n", "\r\n", "\u00e9", "1", " ", ".", "-", "\ud834\udd1e", "true");
    CsvFormat texts = format(',', "a text", "b text", "c text");
    CsvFormat doubles = format(',', "a double", "b double", "c double");
    for (int round = 0; round < 3000; round++) {
      List<String> fields = new ArrayList<>();
      for (int f = 0; f < 3; f++) {
        StringBuilder field = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
          field.append(parts.get(random.nextInt(parts.size())));
        }
        fields.add(field.toString());
      }
      String line =
          String.join(
              ",", fields.stream().map(f -> "\"" + f.replace("\"", "\"\"") + "\"").toList());
      assertThat(values(texts, line))
          .as(line)
          .isEqualTo(Map.of("a", fields.get(0), "b", fields.get(1), "c", fields.get(2)));
      Map<String, Object> expected = new TreeMap<>();
      for (int f = 0; f < 3; f++) {
        boolean number = fields.get(f).matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
        String key = List.of("a", "b", "c").get(f);
        if (number) {
          assertThat(new BigDecimal(fields.get(f))).isNotNull();
          expected.put(key, Double.parseDouble(fields.get(f)));
        } else {
          expected.put(key + "__text", fields.get(f));
        }
      }
      assertThat(values(doubles, line)).as(line).isEqualTo(expected);
    }
  }

  private static List<DeclaredColumn> columns(String... columns) {
    return Stream.of(columns)
        .map(column -> column.split(" "))
        .map(c -> new DeclaredColumn(List.of(c[0]), DeclaredType.named(c[1]).orElseThrow()))
        .toList();
  }

  private static CsvFormat format(char delimiter, String... columns) {
    return new CsvFormat(new DeclaredSchema(columns(columns), true), delimiter);
  }

  private static Map<String, Object> values(String line) {
    return values(FORMAT, line);
  }

  private static Map<String, Object> values(CsvFormat format, String line) {
    PayloadLayout layout = layout(format, true);
    return values(format.shredder(layout, all(layout)).shred(line.getBytes(UTF_8)), layout);
  }

  private static DecodeError error(String line) {
    PayloadLayout layout = layout(FORMAT, true);
    return Objects.requireNonNull(
        FORMAT.shredder(layout, all(layout)).shred(line.getBytes(UTF_8)).decodeError(), line);
  }

  private static Map<String, Object> values(PayloadRow row, PayloadLayout layout) {
    Map<String, Object> values = new TreeMap<>();
    for (PayloadLayout.Slot slot : layout.slots()) {
      Object value = ShredderPropertyTest.value(row, slot);
      if (value != null) {
        values.put(slot.column().name(), value);
      }
    }
    return values;
  }

  /** Every declared column, and a text column for each if asked. */
  private static PayloadLayout layout(CsvFormat format, boolean siblings) {
    SchemaSettings settings = format.schema(SchemaSettings.DEFAULTS);
    PayloadSchema schema = PayloadSchema.EMPTY.grow(Observations.NONE, settings);
    String line = "\"\"" + ",\"\"".repeat(settings.declared().columns().size() - 1);
    return PayloadLayout.of(siblings ? grown(format, line) : schema);
  }

  private static PayloadSchema grown(CsvFormat format, String... lines) {
    SchemaSettings settings = format.schema(SchemaSettings.DEFAULTS);
    PayloadSchema schema = PayloadSchema.EMPTY.grow(Observations.NONE, settings);
    Shredder shredder = format.shredder(PayloadLayout.of(schema), settings);
    for (String line : lines) {
      shredder.shred(line.getBytes(UTF_8));
    }
    return schema.grow(shredder.observations(), settings);
  }

  private static BitSet all(PayloadLayout layout) {
    BitSet all = new BitSet();
    all.set(0, layout.size());
    return all;
  }
}
