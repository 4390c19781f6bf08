package io.watershed.flight;

import io.watershed.query.ResultColumn;
import io.watershed.query.format.ExactValues;
import io.watershed.query.format.JsonValues;
import io.watershed.query.format.PlainText;
import io.watershed.query.format.TypeText;
import io.watershed.query.format.TypeText.ListOf;
import io.watershed.query.format.TypeText.MapOf;
import io.watershed.query.format.TypeText.Member;
import io.watershed.query.format.TypeText.Scalar;
import io.watershed.query.format.TypeText.Struct;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * How a result column travels in Arrow: the type that holds its values exactly. Structs, lists and
 * maps with text keys keep their shape; what Arrow has no type for is its JSON text (unions,
 * tuples, maps with other keys) or plain text (UUIDs, intervals, bits, big numbers). A value that
 * its type cannot hold is an error, never another value.
 *
 * @param field the column's name and type, nullable
 * @param writer writes a value that is not null
 */
record ArrowColumn(Field field, ValueWriter writer) {
  private static final ExactValues VALUES = new ExactValues("Arrow");
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),(\\d+)\\)");

  /** What other implementations call it. */
  private static final String ELEMENT = "item";

  private static final int MAX_DIGITS = 38;
  private static final int UBIGINT_DIGITS = 20;
  private static final int DECIMAL_BITS = 128;

  /** Writes one value at an index. Returns about how many bytes it took. */
  interface ValueWriter {
    int write(FieldVector vector, int index, Object value);
  }

  /** The column for DuckDB's type. */
  static ArrowColumn of(ResultColumn column) {
    return of(column.name(), TypeText.parse(column.type()));
  }

  /** Writes a value or a null. Returns about how many bytes it took. */
  int write(FieldVector vector, int index, @Nullable Object value) {
    if (value != null) {
      return writer.write(vector, index, value);
    }
    if (vector instanceof BaseFixedWidthVector fixed) {
      fixed.setNull(index);
    }
    // Others are null wherever nothing is written.
    return 1;
  }

  private static ArrowColumn of(String name, Optional<TypeText> type) {
    if (type.isEmpty()) {
      return json(name);
    }
    TypeText known = type.get();
    if (known instanceof Struct struct) {
      return struct(name, struct);
    }
    if (known instanceof ListOf list) {
      return list(name, list);
    }
    if (known instanceof MapOf map) {
      return map.key().equals(new Scalar("VARCHAR")) ? map(name, map) : json(name);
    }
    return scalar(name, ((Scalar) known).text());
  }

  private static ArrowColumn struct(String name, Struct struct) {
    List<ArrowColumn> members = new ArrayList<>();
    for (Member member : struct.members()) {
      members.add(of(member.name(), Optional.of(member.type())));
    }
    return new ArrowColumn(
        field(name, new ArrowType.Struct(), members.stream().map(ArrowColumn::field).toList()),
        (vector, index, value) -> {
          StructVector group = (StructVector) vector;
          Map<?, ?> map = (Map<?, ?>) value;
          group.setIndexDefined(index);
          int bytes = 1;
          for (int i = 0; i < members.size(); i++) {
            ArrowColumn member = members.get(i);
            bytes +=
                member.write(
                    (FieldVector) group.getChildByOrdinal(i),
                    index,
                    map.get(member.field().getName()));
          }
          return bytes;
        });
  }

  private static ArrowColumn list(String name, ListOf list) {
    ArrowColumn element = of(ELEMENT, Optional.of(list.element()));
    return new ArrowColumn(
        field(name, new ArrowType.List(), List.of(element.field())),
        (vector, index, value) -> {
          ListVector lists = (ListVector) vector;
          List<?> items = (List<?>) value;
          int at = lists.startNewValue(index);
          int bytes = Integer.BYTES;
          for (Object item : items) {
            bytes += element.write(lists.getDataVector(), at++, item);
          }
          lists.endValue(index, items.size());
          return bytes;
        });
  }

  private static ArrowColumn map(String name, MapOf map) {
    ArrowColumn key =
        new ArrowColumn(
            new Field(
                MapVector.KEY_NAME, new FieldType(false, new ArrowType.Utf8(), null), List.of()),
            ArrowColumn::writeText);
    ArrowColumn values = of(MapVector.VALUE_NAME, Optional.of(map.value()));
    Field entries =
        new Field(
            MapVector.DATA_VECTOR_NAME,
            new FieldType(false, new ArrowType.Struct(), null),
            List.of(key.field(), values.field()));
    return new ArrowColumn(
        field(name, new ArrowType.Map(false), List.of(entries)),
        (vector, index, value) -> {
          MapVector maps = (MapVector) vector;
          StructVector pairs = (StructVector) maps.getDataVector();
          Map<?, ?> pairsOf = (Map<?, ?>) value;
          int at = maps.startNewValue(index);
          int bytes = Integer.BYTES;
          for (Map.Entry<?, ?> entry : pairsOf.entrySet()) {
            pairs.setIndexDefined(at);
            bytes +=
                key.write(
                    (FieldVector) pairs.getChildByOrdinal(0), at, String.valueOf(entry.getKey()));
            bytes += values.write((FieldVector) pairs.getChildByOrdinal(1), at, entry.getValue());
            at++;
          }
          maps.endValue(index, pairsOf.size());
          return bytes;
        });
  }

  private static ArrowColumn scalar(String name, String type) {
    Matcher decimal = DECIMAL.matcher(type);
    if (decimal.matches()) {
      return decimal(name, Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
    }
    return switch (type) {
      case "BOOLEAN" ->
          fixed(
              name,
              new ArrowType.Bool(),
              1,
              (vector, index, v) -> ((BitVector) vector).setSafe(index, (Boolean) v ? 1 : 0));
      case "TINYINT" ->
          integer(name, 8, (vector, i, v) -> ((TinyIntVector) vector).setSafe(i, (int) v));
      case "SMALLINT", "UTINYINT" ->
          integer(name, 16, (vector, i, v) -> ((SmallIntVector) vector).setSafe(i, (int) v));
      case "INTEGER", "USMALLINT" ->
          integer(name, 32, (vector, i, v) -> ((IntVector) vector).setSafe(i, (int) v));
      case "BIGINT", "UINTEGER" ->
          integer(name, 64, (vector, i, v) -> ((BigIntVector) vector).setSafe(i, v));
      case "UBIGINT" -> decimal(name, UBIGINT_DIGITS, 0);
      case "HUGEINT", "UHUGEINT" -> decimal(name, MAX_DIGITS, 0);
      case "FLOAT" ->
          fixed(
              name,
              new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE),
              Float.BYTES,
              (vector, i, v) -> ((Float4Vector) vector).setSafe(i, ((Double) v).floatValue()));
      case "DOUBLE" ->
          fixed(
              name,
              new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE),
              Double.BYTES,
              (vector, i, v) -> ((Float8Vector) vector).setSafe(i, (Double) v));
      case "BLOB" ->
          new ArrowColumn(
              field(name, new ArrowType.Binary(), List.of()),
              (vector, i, v) -> {
                byte[] bytes = (byte[]) v;
                ((VarBinaryVector) vector).setSafe(i, bytes);
                return bytes.length + Integer.BYTES;
              });
      case "DATE" ->
          fixed(
              name,
              new ArrowType.Date(DateUnit.DAY),
              Integer.BYTES,
              (vector, i, v) -> ((DateDayVector) vector).setSafe(i, VALUES.epochDay(name, v)));
      case "TIME" ->
          fixed(
              name,
              new ArrowType.Time(TimeUnit.MICROSECOND, Long.SIZE),
              Long.BYTES,
              (vector, i, v) ->
                  ((TimeMicroVector) vector)
                      .setSafe(
                          i,
                          ((LocalTime) v).toNanoOfDay()
                              / (ExactValues.NANOS / ExactValues.MICROS)));
      case "TIME_NS" ->
          fixed(
              name,
              new ArrowType.Time(TimeUnit.NANOSECOND, Long.SIZE),
              Long.BYTES,
              (vector, i, v) ->
                  ((TimeNanoVector) vector).setSafe(i, ((LocalTime) v).toNanoOfDay()));
      case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS" ->
          timestamp(name, TimeUnit.MICROSECOND, ExactValues.MICROS, null);
      case "TIMESTAMP_NS" -> timestamp(name, TimeUnit.NANOSECOND, ExactValues.NANOS, null);
      case "TIMESTAMP WITH TIME ZONE" ->
          timestamp(name, TimeUnit.MICROSECOND, ExactValues.MICROS, "UTC");
      case "JSON" -> json(name);
      default -> type.contains("(") ? json(name) : text(name);
    };
  }

  private static Field field(String name, ArrowType type, List<Field> children) {
    return new Field(name, FieldType.nullable(type), children);
  }

  /** Writes a value of fixed width. */
  private interface FixedWriter {
    void write(FieldVector vector, int index, Object value);
  }

  private static ArrowColumn fixed(String name, ArrowType type, int bytes, FixedWriter writer) {
    return new ArrowColumn(
        field(name, type, List.of()),
        (vector, index, value) -> {
          writer.write(vector, index, value);
          return bytes;
        });
  }

  /** Writes a whole number. */
  private interface LongWriter {
    void write(FieldVector vector, int index, long value);
  }

  private static ArrowColumn integer(String name, int bits, LongWriter writer) {
    return fixed(
        name,
        new ArrowType.Int(bits, true),
        bits / Byte.SIZE,
        (vector, index, v) -> writer.write(vector, index, ((Number) v).longValue()));
  }

  private static ArrowColumn decimal(String name, int digits, int scale) {
    return fixed(
        name,
        new ArrowType.Decimal(digits, scale, DECIMAL_BITS),
        DECIMAL_BITS / Byte.SIZE,
        (vector, index, v) ->
            ((DecimalVector) vector)
                .setSafe(index, new BigDecimal(VALUES.unscaled(name, v, digits, scale), scale)));
  }

  private static ArrowColumn timestamp(
      String name, TimeUnit unit, long perSecond, @Nullable String zone) {
    return fixed(
        name,
        new ArrowType.Timestamp(unit, zone),
        Long.BYTES,
        (vector, index, v) ->
            ((TimeStampVector) vector).setSafe(index, VALUES.sinceEpoch(name, v, perSecond)));
  }

  private static ArrowColumn text(String name) {
    return new ArrowColumn(
        field(name, new ArrowType.Utf8(), List.of()),
        (vector, index, v) -> writeText(vector, index, PlainText.of(v)));
  }

  private static ArrowColumn json(String name) {
    return new ArrowColumn(
        field(name, new ArrowType.Utf8(), List.of()),
        (vector, index, v) -> writeText(vector, index, JsonValues.text(v)));
  }

  private static int writeText(FieldVector vector, int index, Object text) {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    ((VarCharVector) vector).setSafe(index, bytes);
    return bytes.length + Integer.BYTES;
  }
}
