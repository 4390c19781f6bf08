package io.watershed.query;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A producer whose payloads change with every batch: new keys, other types, more nesting. */
final class JsonHistory {
  private static final List<String> KEYS =
      List.of(
          "id",
          "amount",
          "ID",
          "customer",
          "a__double",
          "gr\u00f6\u00dfe",
          "zip code",
          "Id",
          "filename",
          "amount__double",
          "x.y",
          "",
          "_payload",
          "rowid",
          "\\\"quoted\\\"",
          "file_row_number",
          "\u00e9",
          "e\u0301",
          "\ud834\udd1e",
          "a",
          "A",
          "select",
          "long".repeat(33),
          "\u0130d",
          "amount__long",
          "\\u0061mount",
          "customer__struct",
          "_watershed",
          "b",
          "c");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-1",
          "7",
          "9007199254740993",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "1e400",
          "-1e400",
          "1e-400",
          "0.1",
          "-0.0",
          "1e22",
          "1e23",
          "4.9e-324",
          "1.7976931348623157e308",
          "123456789012345678901234567890",
          "2.5",
          "1.0",
          "1E+2");
  private static final List<String> TEXTS =
      List.of(
          "",
          "x",
          "12",
          "true",
          "null",
          "2.5",
          "gr\u00f6\u00dfe",
          "\ud834\udd1e",
          "\\ud834\\udd1e",
          "\\ud800",
          "a\\u0000b",
          "\\n\\\"",
          "[1]",
          "{}",
          "2026-01-01T00:00:00Z");

  private final Random random;
  private int batch;

  JsonHistory(long seed) {
    random = new Random(seed);
  }

  List<byte[]> nextBatch(int size) {
    batch++;
    List<byte[]> payloads = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      StringBuilder json = new StringBuilder();
      object(json, 0);
      byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
      if (random.nextInt(12) == 0) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      payloads.add(bytes);
    }
    payloads.add(
        "{\"a\":".repeat(40).concat("1" + "}".repeat(40)).getBytes(StandardCharsets.UTF_8));
    return payloads;
  }

  private void object(StringBuilder json, int depth) {
    json.append(random.nextInt(8) == 0 ? "{ " : "{");
    int members = depth == 0 ? 1 + random.nextInt(3 + 2 * batch) : random.nextInt(4);
    for (int i = 0; i < members; i++) {
      json.append(i == 0 ? "" : ",").append('"').append(key(depth)).append("\":");
      value(json, depth + 1);
    }
    json.append('}');
  }

  private String key(int depth) {
    int known =
        depth == 0 ? Math.min(KEYS.size(), 3 + 6 * batch) : Math.min(KEYS.size(), 2 + 2 * batch);
    return KEYS.get(random.nextInt(known));
  }

  private void value(StringBuilder json, int depth) {
    int kinds = Math.min(10, 4 + 2 * batch);
    switch (random.nextInt(depth < 8 ? kinds : Math.min(6, kinds))) {
      case 0, 1 -> json.append(random.nextInt(100));
      case 2 -> json.append('"').append(one(TEXTS)).append('"');
      case 3 -> json.append(random.nextBoolean() ? "null" : "true");
      case 4 -> json.append(one(NUMBERS));
      case 5 -> json.append(random.nextLong() / 1000.0);
      case 6 -> array(json, depth);
      default -> object(json, depth);
    }
  }

  private void array(StringBuilder json, int depth) {
    json.append('[');
    int elements = random.nextInt(3);
    for (int i = 0; i < elements; i++) {
      json.append(i == 0 ? "" : ", ");
      value(json, depth + 1);
    }
    json.append(']');
  }

  private String one(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }
}
