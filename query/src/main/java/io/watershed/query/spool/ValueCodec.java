package io.watershed.query.spool;

import io.watershed.query.ResultSink.Json;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The values that {@link io.watershed.query.ResultSink} knows, as bytes: a tag, then the value.
 * Both ends are of one build, so the format carries no version.
 */
public final class ValueCodec {
  private static final int NULL = 0;
  private static final int FALSE = 1;
  private static final int TRUE = 2;
  private static final int LONG = 3;
  private static final int DOUBLE = 4;
  private static final int BIG_INTEGER = 5;
  private static final int BIG_DECIMAL = 6;
  private static final int STRING = 7;
  private static final int JSON = 8;
  private static final int BYTES = 9;
  private static final int INSTANT = 10;
  private static final int DATE_TIME = 11;
  private static final int DATE = 12;
  private static final int TIME = 13;
  private static final int ID = 14;
  private static final int LIST = 15;
  private static final int MAP = 16;

  private ValueCodec() {}

  /** Writes a value. */
  public static void write(DataOutputStream out, @Nullable Object value) throws IOException {
    if (value == null) {
      out.writeByte(NULL);
    } else if (value instanceof Boolean flag) {
      out.writeByte(flag ? TRUE : FALSE);
    } else if (value instanceof Number number) {
      writeNumber(out, number);
    } else if (value instanceof String text) {
      out.writeByte(STRING);
      writeText(out, text);
    } else if (value instanceof Json json) {
      out.writeByte(JSON);
      writeText(out, json.text());
    } else if (value instanceof byte[] bytes) {
      out.writeByte(BYTES);
      writeBytes(out, bytes);
    } else if (value instanceof UUID id) {
      out.writeByte(ID);
      out.writeLong(id.getMostSignificantBits());
      out.writeLong(id.getLeastSignificantBits());
    } else if (value instanceof List<?> list) {
      out.writeByte(LIST);
      out.writeInt(list.size());
      for (Object element : list) {
        write(out, element);
      }
    } else if (value instanceof Map<?, ?> map) {
      writeMap(out, map);
    } else {
      writeTime(out, value);
    }
  }

  private static void writeNumber(DataOutputStream out, Number value) throws IOException {
    if (value instanceof Long number) {
      out.writeByte(LONG);
      out.writeLong(number);
    } else if (value instanceof Double number) {
      out.writeByte(DOUBLE);
      out.writeDouble(number);
    } else if (value instanceof BigInteger number) {
      out.writeByte(BIG_INTEGER);
      writeBytes(out, number.toByteArray());
    } else if (value instanceof BigDecimal number) {
      out.writeByte(BIG_DECIMAL);
      out.writeInt(number.scale());
      writeBytes(out, number.unscaledValue().toByteArray());
    } else {
      throw unknown(value);
    }
  }

  private static void writeMap(DataOutputStream out, Map<?, ?> map) throws IOException {
    out.writeByte(MAP);
    out.writeInt(map.size());
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      writeText(out, (String) entry.getKey());
      write(out, entry.getValue());
    }
  }

  private static void writeTime(DataOutputStream out, Object value) throws IOException {
    if (value instanceof Instant time) {
      out.writeByte(INSTANT);
      out.writeLong(time.getEpochSecond());
      out.writeInt(time.getNano());
    } else if (value instanceof LocalDateTime time) {
      out.writeByte(DATE_TIME);
      out.writeLong(time.toLocalDate().toEpochDay());
      out.writeLong(time.toLocalTime().toNanoOfDay());
    } else if (value instanceof LocalDate date) {
      out.writeByte(DATE);
      out.writeLong(date.toEpochDay());
    } else if (value instanceof LocalTime time) {
      out.writeByte(TIME);
      out.writeLong(time.toNanoOfDay());
    } else {
      throw unknown(value);
    }
  }

  private static IllegalArgumentException unknown(Object value) {
    return new IllegalArgumentException("no result has a " + value.getClass().getName());
  }

  /** Reads what {@link #write} wrote. */
  public static @Nullable Object read(DataInputStream in) throws IOException {
    int tag = in.readByte();
    return switch (tag) {
      case NULL -> null;
      case FALSE -> false;
      case TRUE -> true;
      case LONG -> in.readLong();
      case DOUBLE -> in.readDouble();
      case BIG_INTEGER -> new BigInteger(readBytes(in));
      case BIG_DECIMAL -> {
        int scale = in.readInt();
        yield new BigDecimal(new BigInteger(readBytes(in)), scale);
      }
      case STRING -> readText(in);
      case JSON -> new Json(readText(in));
      case BYTES -> readBytes(in);
      case INSTANT -> Instant.ofEpochSecond(in.readLong(), in.readInt());
      case DATE_TIME ->
          LocalDateTime.of(
              LocalDate.ofEpochDay(in.readLong()), LocalTime.ofNanoOfDay(in.readLong()));
      case DATE -> LocalDate.ofEpochDay(in.readLong());
      case TIME -> LocalTime.ofNanoOfDay(in.readLong());
      case ID -> new UUID(in.readLong(), in.readLong());
      case LIST -> readList(in);
      case MAP -> readMap(in);
      default -> throw new IOException("unknown tag " + tag);
    };
  }

  private static List<@Nullable Object> readList(DataInputStream in) throws IOException {
    int size = in.readInt();
    List<@Nullable Object> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(read(in));
    }
    return list;
  }

  private static Map<String, @Nullable Object> readMap(DataInputStream in) throws IOException {
    int size = in.readInt();
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      String key = readText(in);
      map.put(key, read(in));
    }
    return map;
  }

  /** Writes a text: length in bytes, UTF-8. */
  public static void writeText(DataOutputStream out, String text) throws IOException {
    writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads what {@link #writeText} wrote. */
  public static String readText(DataInputStream in) throws IOException {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Frames are in memory as a whole, so a length beyond one reads short instead of allocating. */
  private static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a value of " + length + " bytes in a frame that ends before");
    }
    return in.readNBytes(length);
  }
}
