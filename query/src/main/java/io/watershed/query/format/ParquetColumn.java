package io.watershed.query.format;

import static org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit.MICROS;
import static org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit.NANOS;
import static org.apache.parquet.schema.LogicalTypeAnnotation.dateType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.decimalType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.intType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.jsonType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.listType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.mapType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timeType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.uuidType;

import io.watershed.query.format.TypeText.ListOf;
import io.watershed.query.format.TypeText.MapOf;
import io.watershed.query.format.TypeText.Member;
import io.watershed.query.format.TypeText.Scalar;
import io.watershed.query.format.TypeText.Struct;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * How a result column is written to Parquet: the narrowest Parquet type that holds its values
 * exactly. Structs, lists and maps with text keys keep their shape; what Parquet has no type for is
 * its JSON text (unions, tuples, maps with other keys) or plain text (intervals, bits, big
 * numbers). A value that its type cannot hold is an error, never another value.
 *
 * @param type the column's type, always optional
 * @param writer writes a value that is not null
 */
record ParquetColumn(Type type, ValueWriter writer) {
  private static final ExactValues VALUES = new ExactValues("Parquet");
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),(\\d+)\\)");
  private static final int INT_DIGITS = 9;
  private static final int LONG_DIGITS = 18;
  private static final int BYTES_16 = 16;

  /** What 16 bytes hold; a HUGEINT may be larger. */
  private static final int MAX_DIGITS = 38;

  /** Writes one value. */
  interface ValueWriter {
    void write(RecordConsumer out, Object value);
  }

  /** The column of this name for values of DuckDB's type. */
  static ParquetColumn of(String name, String typeText) {
    return of(name, TypeText.parse(typeText));
  }

  private static ParquetColumn of(String name, Optional<TypeText> type) {
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

  private static ParquetColumn struct(String name, Struct struct) {
    List<ParquetColumn> members = new ArrayList<>();
    for (Member member : struct.members()) {
      members.add(of(member.name(), Optional.of(member.type())));
    }
    Types.GroupBuilder<org.apache.parquet.schema.GroupType> group = Types.optionalGroup();
    members.forEach(member -> group.addField(member.type()));
    return new ParquetColumn(
        group.named(name),
        (out, value) -> {
          Map<?, ?> map = (Map<?, ?>) value;
          out.startGroup();
          for (int i = 0; i < members.size(); i++) {
            ParquetColumn member = members.get(i);
            writeField(out, member.type().getName(), i, member, map.get(member.type().getName()));
          }
          out.endGroup();
        });
  }

  private static ParquetColumn list(String name, ListOf list) {
    ParquetColumn element = of("element", Optional.of(list.element()));
    Type type =
        Types.optionalGroup()
            .as(listType())
            .addField(Types.repeatedGroup().addField(element.type()).named("list"))
            .named(name);
    return new ParquetColumn(
        type,
        (out, value) ->
            writeRepeated(
                out,
                "list",
                (List<?>) value,
                item -> writeField(out, "element", 0, element, item)));
  }

  private static ParquetColumn map(String name, MapOf map) {
    ParquetColumn values = of("value", Optional.of(map.value()));
    Type type =
        Types.optionalGroup()
            .as(mapType())
            .addField(
                Types.repeatedGroup()
                    .addField(
                        Types.required(PrimitiveTypeName.BINARY).as(stringType()).named("key"))
                    .addField(values.type())
                    .named("key_value"))
            .named(name);
    return new ParquetColumn(
        type,
        (out, value) ->
            writeRepeated(
                out,
                "key_value",
                List.copyOf(((Map<?, ?>) value).entrySet()),
                item -> {
                  Map.Entry<?, ?> entry = (Map.Entry<?, ?>) item;
                  out.startField("key", 0);
                  out.addBinary(Binary.fromString(String.valueOf(entry.getKey())));
                  out.endField("key", 0);
                  writeField(out, "value", 1, values, entry.getValue());
                }));
  }

  private static void writeRepeated(
      RecordConsumer out, String name, List<?> items, Consumer<Object> writer) {
    out.startGroup();
    if (!items.isEmpty()) {
      out.startField(name, 0);
      for (Object item : items) {
        out.startGroup();
        writer.accept(item);
        out.endGroup();
      }
      out.endField(name, 0);
    }
    out.endGroup();
  }

  /** Writes a field of a message or group; a null is no field. */
  static void writeField(
      RecordConsumer out, String name, int index, ParquetColumn column, @Nullable Object value) {
    if (value == null) {
      return;
    }
    out.startField(name, index);
    column.writer().write(out, value);
    out.endField(name, index);
  }

  private static ParquetColumn scalar(String name, String type) {
    Matcher decimal = DECIMAL.matcher(type);
    if (decimal.matches()) {
      return decimal(name, Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
    }
    return switch (type) {
      case "BOOLEAN" ->
          primitive(name, PrimitiveTypeName.BOOLEAN, null, (out, v) -> out.addBoolean((Boolean) v));
      case "TINYINT" -> integer(name, 8, true);
      case "SMALLINT" -> integer(name, 16, true);
      case "INTEGER" -> integer(name, 32, true);
      case "BIGINT" -> integer(name, 64, true);
      case "UTINYINT" -> integer(name, 8, false);
      case "USMALLINT" -> integer(name, 16, false);
      case "UINTEGER" -> integer(name, 32, false);
      case "UBIGINT" -> integer(name, 64, false);
      case "HUGEINT", "UHUGEINT" -> decimal(name, MAX_DIGITS, 0);
      case "FLOAT" ->
          primitive(
              name,
              PrimitiveTypeName.FLOAT,
              null,
              (out, v) -> out.addFloat(((Double) v).floatValue()));
      case "DOUBLE" ->
          primitive(name, PrimitiveTypeName.DOUBLE, null, (out, v) -> out.addDouble((Double) v));
      case "BLOB" ->
          primitive(
              name,
              PrimitiveTypeName.BINARY,
              null,
              (out, v) -> out.addBinary(Binary.fromConstantByteArray((byte[]) v)));
      case "UUID" -> uuid(name);
      case "DATE" -> date(name);
      case "TIME" -> time(name, MICROS);
      case "TIME_NS" -> time(name, NANOS);
      case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS" -> timestamp(name, false, MICROS);
      case "TIMESTAMP_NS" -> timestamp(name, false, NANOS);
      case "TIMESTAMP WITH TIME ZONE" -> timestamp(name, true, MICROS);
      case "JSON" -> json(name);
      default -> type.contains("(") ? json(name) : text(name);
    };
  }

  private static ParquetColumn primitive(
      String name,
      PrimitiveTypeName type,
      @Nullable LogicalTypeAnnotation meaning,
      ValueWriter writer) {
    return new ParquetColumn(Types.optional(type).as(meaning).named(name), writer);
  }

  private static ParquetColumn integer(String name, int bits, boolean signed) {
    return bits < Long.SIZE
        ? primitive(
            name,
            PrimitiveTypeName.INT32,
            intType(bits, signed),
            (out, v) -> out.addInteger((int) ((Number) v).longValue()))
        : primitive(
            name,
            PrimitiveTypeName.INT64,
            intType(bits, signed),
            (out, v) -> out.addLong(((Number) v).longValue()));
  }

  private static ParquetColumn decimal(String name, int digits, int scale) {
    LogicalTypeAnnotation meaning = decimalType(scale, digits);
    if (digits <= INT_DIGITS) {
      return primitive(
          name,
          PrimitiveTypeName.INT32,
          meaning,
          (out, v) -> out.addInteger(VALUES.unscaled(name, v, digits, scale).intValueExact()));
    }
    if (digits <= LONG_DIGITS) {
      return primitive(
          name,
          PrimitiveTypeName.INT64,
          meaning,
          (out, v) -> out.addLong(VALUES.unscaled(name, v, digits, scale).longValueExact()));
    }
    return new ParquetColumn(
        Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
            .length(BYTES_16)
            .as(meaning)
            .named(name),
        (out, v) -> out.addBinary(bytes16(VALUES.unscaled(name, v, digits, scale))));
  }

  private static Binary bytes16(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] padded = new byte[BYTES_16];
    Arrays.fill(padded, (byte) (number.signum() < 0 ? -1 : 0));
    System.arraycopy(bytes, 0, padded, BYTES_16 - bytes.length, bytes.length);
    return Binary.fromConstantByteArray(padded);
  }

  private static ParquetColumn uuid(String name) {
    return new ParquetColumn(
        Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
            .length(BYTES_16)
            .as(uuidType())
            .named(name),
        (out, v) -> {
          UUID uuid = (UUID) v;
          byte[] bytes =
              ByteBuffer.allocate(BYTES_16)
                  .putLong(uuid.getMostSignificantBits())
                  .putLong(uuid.getLeastSignificantBits())
                  .array();
          out.addBinary(Binary.fromConstantByteArray(bytes));
        });
  }

  private static ParquetColumn date(String name) {
    return primitive(
        name,
        PrimitiveTypeName.INT32,
        dateType(),
        (out, v) -> out.addInteger(VALUES.epochDay(name, v)));
  }

  private static ParquetColumn time(String name, TimeUnit unit) {
    return primitive(
        name,
        PrimitiveTypeName.INT64,
        timeType(false, unit),
        (out, v) -> {
          long nanos = ((LocalTime) v).toNanoOfDay();
          out.addLong(unit == NANOS ? nanos : nanos / 1000);
        });
  }

  private static ParquetColumn timestamp(String name, boolean utc, TimeUnit unit) {
    return primitive(
        name,
        PrimitiveTypeName.INT64,
        timestampType(utc, unit),
        (out, v) ->
            out.addLong(
                VALUES.sinceEpoch(
                    name, v, unit == NANOS ? ExactValues.NANOS : ExactValues.MICROS)));
  }

  private static ParquetColumn text(String name) {
    return primitive(
        name,
        PrimitiveTypeName.BINARY,
        stringType(),
        (out, v) -> out.addBinary(Binary.fromString(PlainText.of(v))));
  }

  private static ParquetColumn json(String name) {
    return primitive(
        name,
        PrimitiveTypeName.BINARY,
        jsonType(),
        (out, v) -> out.addBinary(Binary.fromString(JsonValues.text(v))));
  }
}
