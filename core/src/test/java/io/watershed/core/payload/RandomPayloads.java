package io.watershed.core.payload;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Nasty JSON objects, and a few that are none. */
final class RandomPayloads {
  private static final List<String> KEYS =
      List.of(
          "a",
          "b",
          "A",
          "id",
          "Id",
          "",
          "_id",
          "_watershed",
          "a__long",
          "a__text",
          "b__double",
          "gr\u00f6\u00dfe",
          "\\u0061",
          "\\\"",
          "\ud834\udd1e",
          "\\ud834\\udd1e",
          "\\ud800",
          "with space",
          "x.y",
          "long".repeat(40));
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "-0.0",
          "0.0",
          "1",
          "-1",
          "1.0",
          "1e2",
          "1E+2",
          "1e-2",
          "0.1",
          "0.30000000000000004",
          "9007199254740993",
          "9007199254740993.0",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "-9223372036854775809",
          "18446744073709551616",
          "1e400",
          "-1e400",
          "1e-400",
          "4.9e-324",
          "2.4703282292062327e-324",
          "2.4703282292062328e-324",
          "1.7976931348623157e308",
          "1.7976931348623159e308",
          "123456789012345678901234567890",
          "0.1234567890123456789012345",
          "1e22",
          "1e23",
          "123456789e-20",
          "8.5",
          "100000000000000000000.5",
          "2.2250738585072011e-308",
          "0e0",
          "0e999999");
  private static final List<String> STRINGS =
      List.of(
          "",
          "x",
          "12",
          "true",
          "null",
          "\u00e4\u00f6",
          "\ud834\udd1e",
          "\\ud834\\udd1e",
          "\\ud800",
          "x\\udc00y",
          "\\u0000",
          "\\n\\t\\\"\\\\\\/",
          "\\u00e9",
          "\u20ac uro",
          "[1]",
          "\u007f",
          "long text that fills more than one word ".repeat(5));
  private static final List<String> BLANKS = List.of("", "", "", "", " ", "\n", "\t \r\n");

  private final Random random;

  RandomPayloads(long seed) {
    random = new Random(seed);
  }

  byte[] next() {
    StringBuilder json = new StringBuilder(blank());
    object(json, 0);
    json.append(blank());
    byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
    return random.nextInt(10) == 0 ? broken(bytes) : bytes;
  }

  private byte[] broken(byte[] bytes) {
    byte[] broken = bytes.clone();
    switch (random.nextInt(4)) {
      case 0 -> {
        return java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      }
      case 1 -> broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
      case 2 -> {
        broken = java.util.Arrays.copyOf(bytes, bytes.length + 1);
        broken[bytes.length] = (byte) (random.nextBoolean() ? '}' : 'x');
      }
      default -> broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return broken;
  }

  private void object(StringBuilder json, int depth) {
    json.append('{').append(blank());
    int members = random.nextInt(depth == 0 ? 8 : 4);
    for (int i = 0; i < members; i++) {
      if (i > 0) {
        json.append(',').append(blank());
      }
      json.append('"').append(one(KEYS)).append('"').append(blank()).append(':').append(blank());
      value(json, depth + 1);
      json.append(blank());
    }
    json.append('}');
  }

  private void value(StringBuilder json, int depth) {
    switch (random.nextInt(depth < 8 ? 12 : 8)) {
      case 0, 1 -> json.append(random.nextInt(2000) - 1000);
      case 2, 3 -> json.append(one(NUMBERS));
      case 4, 5 -> json.append('"').append(one(STRINGS)).append('"');
      case 6 -> json.append(random.nextBoolean());
      case 7 -> json.append(random.nextInt(3) == 0 ? "null" : randomDouble());
      case 8 -> array(json, depth);
      default -> object(json, depth);
    }
  }

  private String randomDouble() {
    double value = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(value) ? Double.toString(value) : "1.5";
  }

  private void array(StringBuilder json, int depth) {
    json.append('[').append(blank());
    int elements = random.nextInt(4);
    for (int i = 0; i < elements; i++) {
      if (i > 0) {
        json.append(',');
      }
      value(json, depth + 1);
    }
    json.append(blank()).append(']');
  }

  private String blank() {
    return one(BLANKS);
  }

  private String one(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }
}
