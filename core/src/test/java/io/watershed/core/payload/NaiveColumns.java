package io.watershed.core.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the columns must hold, worked out without haste: the payload as a Java string, the JSON as
 * maps and lists by the character parser (not the byte parser of the shredder), numbers as big
 * decimals.
 */
final class NaiveColumns {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonLimits.MAX_NESTING)
                  .maxNumberLength(JsonLimits.MAX_NUMBER_DIGITS)
                  .build())
          .build();

  /** A number as it is written. */
  record Token(String text) {}

  /** An array or object, and its text. */
  record Tree(Object value, String text) {}

  private final Map<String, Object> payload;

  private NaiveColumns(Map<String, Object> payload) {
    this.payload = payload;
  }

  /** Empty if the payload is not one JSON object. */
  @SuppressWarnings("unchecked")
  static Optional<NaiveColumns> of(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.startsWith("\ufeff")) {
        return Optional.empty();
      }
      try (JsonParser parser = FACTORY.createParser(text)) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          return Optional.empty();
        }
        Object read = ((Tree) read(parser, text)).value;
        return parser.nextToken() == null
            ? Optional.of(new NaiveColumns((Map<String, Object>) read))
            : Optional.empty();
      }
    } catch (CharacterCodingException e) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Object read(JsonParser parser, String text) throws IOException {
    int from = (int) parser.currentTokenLocation().getCharOffset();
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> members = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String key = parser.currentName();
          parser.nextToken();
          members.put(key, read(parser, text));
        }
        return new Tree(members, text.substring(from, end(parser)));
      }
      case START_ARRAY -> {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          elements.add(read(parser, text));
        }
        return new Tree(elements, text.substring(from, end(parser)));
      }
      case VALUE_STRING -> {
        return parser.getText();
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        return new Token(parser.getText());
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        return parser.getBooleanValue();
      }
      case VALUE_NULL -> {
        return Optional.empty();
      }
      default -> throw new IllegalStateException(parser.currentToken().toString());
    }
  }

  private static int end(JsonParser parser) {
    return (int) parser.currentLocation().getCharOffset();
  }

  /** The value of a column: Long, Double, Boolean, String, or true for a struct; null if none. */
  Object value(PayloadPath path, ColumnType type) {
    Object value = new Tree(payload, "");
    for (String key : path.keys()) {
      if (!(value instanceof Tree tree && tree.value instanceof Map<?, ?> members)) {
        return null;
      }
      value = members.get(key);
    }
    return value == null ? null : valueOf(value, path.keys().size(), type);
  }

  private static Object valueOf(Object value, int depth, ColumnType type) {
    Optional<ColumnType> actual = typeOf(value, depth);
    if (actual.isEmpty() || actual.get() != type) {
      return null;
    }
    return switch (type) {
      case LONG -> Long.valueOf(((Token) value).text);
      case DOUBLE -> nearest(((Token) value).text);
      case BOOLEAN, TEXT -> value;
      case JSON -> ((Tree) value).text;
      case STRUCT -> true;
    };
  }

  private static Optional<ColumnType> typeOf(Object value, int depth) {
    if (value instanceof Token token) {
      if (token.text.matches("-?\\d+")
          && !token.text.equals("-0")
          && new BigInteger(token.text).bitLength() < 64) {
        return Optional.of(ColumnType.LONG);
      }
      return Double.isInfinite(nearest(token.text))
          ? Optional.empty()
          : Optional.of(ColumnType.DOUBLE);
    }
    if (value instanceof Boolean) {
      return Optional.of(ColumnType.BOOLEAN);
    }
    if (value instanceof String text) {
      return StandardCharsets.UTF_8.newEncoder().canEncode(text)
          ? Optional.of(ColumnType.TEXT)
          : Optional.empty();
    }
    if (value instanceof Tree tree) {
      boolean isStruct = tree.value instanceof Map && depth < JsonLimits.MAX_COLUMN_DEPTH;
      return Optional.of(isStruct ? ColumnType.STRUCT : ColumnType.JSON);
    }
    return Optional.empty();
  }

  /** The nearest double, and a proof: neither neighbour is nearer. */
  private static double nearest(String text) {
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      return value;
    }
    BigDecimal exact = new BigDecimal(text);
    BigDecimal distance = exact.subtract(new BigDecimal(value)).abs();
    for (double neighbour : new double[] {Math.nextUp(value), Math.nextDown(value)}) {
      if (!Double.isInfinite(neighbour)
          && exact.subtract(new BigDecimal(neighbour)).abs().compareTo(distance) < 0) {
        throw new AssertionError(neighbour + " is nearer to " + text + " than " + value);
      }
    }
    return value;
  }

  /** Every path that has a value, with the column type that would hold it. */
  List<Observations.Observation> paths() {
    List<Observations.Observation> found = new ArrayList<>();
    addPaths(payload, PayloadPath.ROOT, found);
    return found;
  }

  private static void addPaths(
      Map<?, ?> members, PayloadPath above, List<Observations.Observation> found) {
    for (Map.Entry<?, ?> member : members.entrySet()) {
      PayloadPath path = above.child((String) member.getKey());
      boolean isEnvelope = path.equals(PayloadPath.of("_watershed"));
      if (isEnvelope || member.getValue() instanceof Optional) {
        continue;
      }
      Optional<ColumnType> type = typeOf(member.getValue(), path.keys().size());
      found.add(new Observations.Observation(path, type));
      if (type.equals(Optional.of(ColumnType.STRUCT))) {
        addPaths((Map<?, ?>) ((Tree) member.getValue()).value, path, found);
      }
    }
  }
}
