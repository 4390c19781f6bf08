package io.watershed.core.payload;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.Observations.Observation;
import io.watershed.core.payload.PayloadLayout.Slot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shredder against a naive evaluation, over random payloads; each seed is its own history. */
final class ShredderPropertyTest {
  private static final int PAYLOADS = 800;

  static IntStream seeds() {
    return IntStream.range(0, 5);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyColumnHoldsWhatTheNaiveEvaluationSays(int seed) {
    List<byte[]> payloads = payloads(seed);
    PayloadLayout layout = PayloadLayout.of(grown(PayloadSchema.EMPTY, payloads, roomFor(400)));
    Shredder shredder = PayloadFormat.JSON.shredder(layout, roomFor(400));
    int understood = 0;
    for (byte[] payload : payloads) {
      PayloadRow row = shredder.shred(payload);
      Optional<NaiveColumns> naive = NaiveColumns.of(payload);
      assertThat(row.decodeError() == null)
          .as("decoded: %s", text(payload))
          .isEqualTo(naive.isPresent());
      understood += naive.isPresent() ? 1 : 0;
      for (Slot slot : layout.slots()) {
        Object expected = naive.map(columns -> expected(columns, slot)).orElse(null);
        if (!Objects.equals(value(row, slot), expected)) {
          assertThat(value(row, slot))
              .as("%s in %s", slot.path(), text(payload))
              .isEqualTo(expected);
        }
      }
    }
    assertThat(understood).isBetween(PAYLOADS / 2, PAYLOADS - 10);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aValueNeverChangesWhenColumnsAreAdded(int seed) {
    List<byte[]> payloads = payloads(seed);
    List<PayloadSchema> history = new ArrayList<>(List.of(PayloadSchema.EMPTY));
    for (int from = 0; from < PAYLOADS; from += PAYLOADS / 5) {
      List<byte[]> batch = payloads.subList(from, from + PAYLOADS / 5);
      history.add(grown(history.get(history.size() - 1), batch, roomFor(400)));
    }
    PayloadLayout last = PayloadLayout.of(history.get(history.size() - 1));
    for (PayloadSchema earlier : history) {
      PayloadLayout layout = PayloadLayout.of(earlier);
      Shredder then = PayloadFormat.JSON.shredder(layout, roomFor(400));
      Shredder now = PayloadFormat.JSON.shredder(last, roomFor(400));
      int[] places = places(layout, last);
      for (byte[] payload : payloads.subList(0, 300)) {
        PayloadRow before = then.shred(payload);
        PayloadRow after = now.shred(payload);
        for (Slot slot : layout.slots()) {
          Object later = value(after, last.slots().get(places[slot.index()]));
          if (!Objects.equals(value(before, slot), later)) {
            assertThat(later).as(text(payload)).isEqualTo(value(before, slot));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aProjectionSeesTheSameValuesAndErrors(int seed) {
    List<byte[]> payloads = payloads(seed);
    PayloadLayout layout = PayloadLayout.of(grown(PayloadSchema.EMPTY, payloads, roomFor(400)));
    Shredder full = PayloadFormat.JSON.shredder(layout, roomFor(400));
    Random random = new Random(seed);
    for (int round = 0; round < 5; round++) {
      BitSet wanted = new BitSet();
      IntStream.range(0, round).forEach(i -> wanted.set(random.nextInt(layout.size())));
      Shredder projected = PayloadFormat.JSON.shredder(layout, wanted);
      for (byte[] payload : payloads) {
        PayloadRow all = full.shred(payload);
        PayloadRow some = projected.shred(payload);
        assertThat(some.decodeError()).as(text(payload)).isEqualTo(all.decodeError());
        wanted.stream()
            .mapToObj(layout.slots()::get)
            .forEach(slot -> assertThat(value(some, slot)).isEqualTo(value(all, slot)));
      }
      assertThat(projected.observations()).isEqualTo(Observations.NONE);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyValueHasAColumnOrIsListed(int seed) {
    List<byte[]> payloads = payloads(seed);
    SchemaSettings tight = new SchemaSettings(5 + seed * 20, 100, 10 + seed * 100);
    PayloadSchema schema = grown(PayloadSchema.EMPTY, payloads, tight);
    Shredder shredder = PayloadFormat.JSON.shredder(PayloadLayout.of(schema), tight);
    payloads.forEach(shredder::shred);
    assertThat(schema.grow(shredder.observations(), tight)).isEqualTo(schema);
    assertThat(PayloadLayout.of(schema).size()).isLessThanOrEqualTo(tight.maxColumns());
    UnlistedPaths unlisted =
        UnlistedPaths.parse(UnlistedPaths.of(shredder.observations(), tight).texts());
    for (byte[] payload : payloads) {
      for (Observation seen : NaiveColumns.of(payload).map(NaiveColumns::paths).orElse(List.of())) {
        if (seen.type().isPresent() && !hasColumn(schema, seen)) {
          assertThat(unlisted.mayHold(seen.path(), seen.type().get())).as(seen.toString()).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void namesAreUniqueWhateverTheirCaseAndNeverChange(int seed) {
    List<byte[]> payloads = payloads(seed);
    PayloadSchema half = grown(PayloadSchema.EMPTY, payloads.subList(0, 400), roomFor(400));
    PayloadSchema full = grown(half, payloads, roomFor(400));
    assertThat(full.columns().size()).isGreaterThanOrEqualTo(half.columns().size());
    for (int i = 0; i < half.columns().size(); i++) {
      assertThat(full.columns().get(i).name()).isEqualTo(half.columns().get(i).name());
      assertThat(full.columns().get(i).key()).isEqualTo(half.columns().get(i).key());
    }
    assertUnique(full.columns());
    assertThat(full.columns()).noneMatch(column -> column.name().startsWith("_"));
  }

  private static void assertUnique(List<PayloadColumn> columns) {
    assertThat(columns)
        .extracting(column -> column.name().toLowerCase(Locale.ROOT))
        .doesNotHaveDuplicates();
    columns.forEach(column -> assertUnique(column.children()));
  }

  private static boolean hasColumn(PayloadSchema schema, Observation seen) {
    return PayloadLayout.of(schema).slots().stream()
        .anyMatch(
            slot ->
                slot.path().equals(seen.path())
                    && slot.column().type() == seen.type().orElseThrow());
  }

  private static int[] places(PayloadLayout from, PayloadLayout to) {
    int[] places = new int[from.size()];
    for (Slot slot : from.slots()) {
      places[slot.index()] =
          to.slots().stream()
              .filter(
                  other ->
                      other.path().equals(slot.path())
                          && other.column().type() == slot.column().type()
                          && other.column().name().equals(slot.column().name()))
              .findFirst()
              .orElseThrow()
              .index();
    }
    return places;
  }

  private static Object expected(NaiveColumns columns, Slot slot) {
    return columns.value(slot.path(), slot.column().type());
  }

  static Object value(PayloadRow row, Slot slot) {
    int index = slot.index();
    if (!row.isPresent(index)) {
      return null;
    }
    return switch (slot.column().type()) {
      case LONG -> row.longValue(index);
      case DOUBLE -> row.doubleValue(index);
      case BOOLEAN -> row.booleanValue(index);
      case TEXT, JSON -> new String(row.utf8(index), StandardCharsets.UTF_8);
      case STRUCT -> true;
    };
  }

  private static SchemaSettings roomFor(int columns) {
    return new SchemaSettings(columns, 128, 100);
  }

  private static PayloadSchema grown(
      PayloadSchema from, List<byte[]> payloads, SchemaSettings settings) {
    PayloadSchema schema = from;
    while (true) {
      Shredder shredder = PayloadFormat.JSON.shredder(PayloadLayout.of(schema), settings);
      payloads.forEach(shredder::shred);
      PayloadSchema grown = schema.grow(shredder.observations(), settings);
      if (grown.equals(schema)) {
        return schema;
      }
      schema = grown;
    }
  }

  private static List<byte[]> payloads(int seed) {
    RandomPayloads random = new RandomPayloads(seed);
    return IntStream.range(0, PAYLOADS).mapToObj(i -> random.next()).toList();
  }

  private static String text(byte[] payload) {
    return new String(payload, StandardCharsets.UTF_8);
  }
}
