package io.watershed.core.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.DeclaredColumn;
import io.watershed.core.config.DeclaredSchema;
import io.watershed.core.config.DeclaredType;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.Observations.Observation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PayloadSchemaTest {
  private static final SchemaSettings DEFAULTS = SchemaSettings.DEFAULTS;

  @Test
  void theFirstTypeGetsThePlainNameAndLaterOnesAreSiblings() {
    assertThat(names("{\"amount\":1}", "{\"amount\":1.5}", "{\"amount\":\"x\"}", "{\"amount\":[]}"))
        .isEqualTo("amount, amount__double, amount__text, amount__json");
    assertThat(names("{\"a\":true}", "{\"a\":{\"b\":1}}", "{\"a\":{\"b\":\"x\"}}"))
        .isEqualTo("a, a__struct(b, b__text)");
  }

  @Test
  void aKeyThatLooksLikeASiblingDoesNotCollideWithOne() {
    assertThat(names("{\"amount\":1}", "{\"amount__double\":true}", "{\"amount\":1.5}"))
        .isEqualTo("amount, amount__double, amount__double__2");
    assertThat(names("{\"amount\":1}", "{\"amount\":1.5}", "{\"amount__double\":true}"))
        .isEqualTo("amount, amount__double, amount__double__2");
  }

  @Test
  void keysThatDifferByCaseGetANumber() {
    assertThat(names("{\"id\":1,\"ID\":2,\"Id\":\"x\",\"iD\":{\"x\":1,\"X\":2}}"))
        .isEqualTo("id, ID__2, Id__3, iD__4(x, X__2)");
    assertThat(names("{\"\u0130d\":1,\"id\":2,\"\u0131d\":3,\"\u017ft\":4,\"ST\":5}"))
        .isEqualTo("\u0130d, id__2, \u0131d__3, \u017ft, ST__2");
    assertThat(names("{\"stra\u00dfe\":1,\"STRASSE\":2}")).isEqualTo("stra\u00dfe, STRASSE__2");
  }

  @Test
  void namesAreSanitisedAndNeverBeginLikeASystemColumn() {
    assertThat(
            names(
                "{\"zip"
                    + " code\":1,\"zip-code\":2,\"gr\u00f6\u00dfe\":3,\"\":4,\"1st\":5,\"\ud834\udd1e\":6}"))
        .isEqualTo("zip_code, zip_code__2, gr\u00f6\u00dfe, empty, 1st, x_");
    assertThat(names("{\"_payload\":1,\"__x\":2,\"-\":3,\"a\":{\"_payload\":4}}"))
        .isEqualTo("x_payload, x__x, x_, a(_payload)");
  }

  @Test
  void growthIsBoundedInOrderOfFirstSight() {
    SchemaSettings four = new SchemaSettings(4, 128, 100);
    PayloadSchema schema =
        grow(
            PayloadSchema.EMPTY, four, "{\"a\":1,\"b\":{\"c\":{\"d\":1}},\"e\":{\"f\":1},\"g\":2}");
    assertThat(names(schema.columns())).isEqualTo("a, b(c(d))");
    PayloadSchema three =
        grow(
            PayloadSchema.EMPTY,
            new SchemaSettings(3, 128, 100),
            "{\"a\":1,\"b\":{\"c\":{\"d\":1}},\"e\":{\"f\":1},\"g\":2}");
    assertThat(names(three.columns())).isEqualTo("a, e(f)");
  }

  @Test
  void longKeysAndKeysThatAreNoTextGetNoColumn() {
    String bound = "k".repeat(128);
    Observations observations =
        new Observations(
            Stream.of(bound + "k", "\ud800", bound)
                .map(key -> new Observation(PayloadPath.of(key), Optional.of(ColumnType.LONG)))
                .toList(),
            false);
    assertThat(names(PayloadSchema.EMPTY.grow(observations, DEFAULTS).columns())).isEqualTo(bound);
  }

  @Test
  void declaredColumnsComeFirstWhateverTheRecordsHold() {
    SchemaSettings declared = declared(true, "amount double", "customer.city text", "n number");
    assertThat(names(PayloadSchema.EMPTY.grow(Observations.NONE, declared).columns()))
        .isEqualTo("amount, customer(city), n, n__double");
    PayloadSchema grown =
        grow(PayloadSchema.EMPTY, declared, "{\"amount\":1,\"customer\":{\"age\":2}}");
    assertThat(names(grown.columns()))
        .isEqualTo("amount, customer(city, age), n, n__double, amount__long");
    assertThat(grown.columns().get(0).type()).isEqualTo(ColumnType.DOUBLE);
  }

  @Test
  void aDeclaredTypeThatAnOlderColumnDoesNotHaveIsItsSibling() {
    PayloadSchema old = grow(PayloadSchema.EMPTY, DEFAULTS, "{\"amount\":\"12\",\"b\":1}");
    PayloadSchema grown = old.grow(Observations.NONE, declared(true, "amount double", "b long"));
    assertThat(grown.columns().subList(0, 2)).isEqualTo(old.columns());
    assertThat(names(grown.columns())).isEqualTo("amount, b, amount__double");
  }

  @Test
  void recordsAddNothingToADeclaredSchema() {
    SchemaSettings declared = declared(false, "amount double", "c.d long");
    PayloadSchema grown =
        grow(PayloadSchema.EMPTY, declared, "{\"amount\":1,\"c\":{\"e\":1,\"d\":\"x\"},\"z\":1}");
    assertThat(names(grown.columns())).isEqualTo("amount, c(d)");
    Shredder shredder =
        new JsonFormat(declared.declared()).shredder(PayloadLayout.of(grown), declared);
    shredder.shred("{\"amount\":1,\"c\":{\"e\":1,\"d\":\"x\"},\"z\":1}".getBytes(UTF_8));
    assertThat(UnlistedPaths.of(shredder.observations(), declared).texts())
        .containsExactly("$.amount long", "$.c.e long", "$.c.d text", "$.z long");
  }

  @Test
  void declaredColumnsAreMadeBeyondTheBound() {
    SchemaSettings one = new SchemaSettings(1, 128, 100);
    PayloadSchema full = grow(PayloadSchema.EMPTY, one, "{\"a\":1}");
    DeclaredSchema declared = declared(true, "b long", "c.d text").declared();
    PayloadSchema grown = grow(full, one.withDeclared(declared), "{\"a\":\"x\",\"b\":1.5,\"e\":1}");
    assertThat(names(grown.columns())).isEqualTo("a, b, c(d)");
  }

  private static SchemaSettings declared(boolean growing, String... columns) {
    List<DeclaredColumn> declared =
        Stream.of(columns)
            .map(column -> column.split(" "))
            .map(
                column ->
                    new DeclaredColumn(
                        List.of(column[0].split("\\.")),
                        DeclaredType.named(column[1]).orElseThrow()))
            .toList();
    return DEFAULTS.withDeclared(new DeclaredSchema(declared, growing));
  }

  @Test
  void aColumnThatIsThereKeepsItsIdNameAndPlace() {
    PayloadSchema table =
        new PayloadSchema(
            List.of(
                new PayloadColumn("a", ColumnType.LONG, "renamed", 17, List.of()),
                new PayloadColumn(
                    "s",
                    ColumnType.STRUCT,
                    "s",
                    18,
                    List.of(new PayloadColumn("x", ColumnType.LONG, "x", 19, List.of())))));
    PayloadSchema grown = grow(table, DEFAULTS, "{\"a\":1,\"s\":{\"x\":1,\"y\":2},\"b\":1}");
    assertThat(grown.columns())
        .containsExactly(
            table.columns().get(0),
            new PayloadColumn(
                "s",
                ColumnType.STRUCT,
                "s",
                18,
                List.of(
                    new PayloadColumn("x", ColumnType.LONG, "x", 19, List.of()),
                    new PayloadColumn("y", ColumnType.LONG, "y", 0, List.of()))),
            new PayloadColumn("b", ColumnType.LONG, "b", 0, List.of()));
    assertThat(grow(grown, DEFAULTS, "{\"b\":1,\"a\":2,\"s\":{\"y\":1}}")).isEqualTo(grown);
  }

  @Test
  void pathsAsTextAreAsciiAndBounded() {
    assertThat(PayloadPath.of("a", "b_1").text()).isEqualTo("$.a.b_1");
    assertThat(PayloadPath.of("", "zip code", "it's", "\u00e4\n", "1").text())
        .isEqualTo("$['']['zip code']['it\\'s']['\\u00e4\\u000a']['1']");
    assertThat(PayloadPath.of("k".repeat(1_000_000)).text()).hasSizeLessThan(200);
  }

  private static String names(String... payloads) {
    return names(grow(PayloadSchema.EMPTY, DEFAULTS, payloads).columns());
  }

  private static String names(List<PayloadColumn> columns) {
    return columns.stream()
        .map(
            column ->
                column.name()
                    + (column.children().isEmpty() ? "" : "(" + names(column.children()) + ")"))
        .collect(Collectors.joining(", "));
  }

  private static PayloadSchema grow(
      PayloadSchema from, SchemaSettings settings, String... payloads) {
    Shredder shredder = PayloadFormat.JSON.shredder(PayloadLayout.of(from), DEFAULTS);
    for (String payload : new ArrayList<>(List.of(payloads))) {
      shredder.shred(payload.getBytes(StandardCharsets.UTF_8));
    }
    return from.grow(shredder.observations(), settings);
  }
}
