package io.watershed.query;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.watershed.core.payload.ColumnType;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What a payload's columns must hold, from the rules alone: the payload as a tree, a path walked by
 * hand, the type of what is there. Slow and plain; shares nothing with the shredder.
 */
final class ByHand {
  private static final int DEEPEST = 5;
  private static final JsonMapper TREES =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)
          .build();

  private final Optional<JsonNode> payload;

  private ByHand(Optional<JsonNode> payload) {
    this.payload = payload;
  }

  static ByHand of(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new ByHand(Optional.of(TREES.readTree(text)).filter(JsonNode::isObject));
    } catch (IOException e) {
      return new ByHand(Optional.empty());
    }
  }

  boolean isUnderstood() {
    return payload.isPresent();
  }

  /** What is at the path; empty if nothing, or null. */
  Optional<JsonNode> at(List<String> path) {
    Optional<JsonNode> node = payload;
    for (String key : path) {
      node = node.filter(JsonNode::isObject).map(object -> object.get(key));
    }
    return node.filter(found -> !found.isNull());
  }

  /** The one column type that can hold it. */
  static Optional<ColumnType> type(JsonNode node, int depth) {
    if (node.isArray() || (node.isObject() && depth >= DEEPEST)) {
      return Optional.of(ColumnType.JSON);
    }
    if (node.isObject()) {
      return Optional.of(ColumnType.STRUCT);
    }
    if (node.isBoolean()) {
      return Optional.of(ColumnType.BOOLEAN);
    }
    if (node.isTextual()) {
      boolean isText = StandardCharsets.UTF_8.newEncoder().canEncode(node.textValue());
      return isText ? Optional.of(ColumnType.TEXT) : Optional.empty();
    }
    if (node.isIntegralNumber() && node.bigIntegerValue().bitLength() < Long.SIZE) {
      return Optional.of(ColumnType.LONG);
    }
    return Double.isFinite(node.doubleValue()) ? Optional.of(ColumnType.DOUBLE) : Optional.empty();
  }

  /** Whether a column of that path and type holds this; null for no value. */
  boolean holds(List<String> path, ColumnType type, Object value) {
    Optional<JsonNode> node = at(path).filter(n -> type(n, path.size()).equals(Optional.of(type)));
    if (node.isEmpty() || value == null) {
      return node.isEmpty() && value == null;
    }
    return switch (type) {
      case LONG -> value.equals(node.get().longValue());
      case DOUBLE -> (double) value == nearest(node.get());
      case BOOLEAN -> value.equals(node.get().booleanValue());
      case TEXT -> value.equals(node.get().textValue());
      case JSON -> isJson((String) value, node.get());
      case STRUCT -> true;
    };
  }

  static double nearest(JsonNode number) {
    return new BigDecimal(number.asText()).doubleValue();
  }

  static boolean isJson(String text, JsonNode node) {
    try {
      return TREES.readTree(text).equals(node);
    } catch (IOException e) {
      return false;
    }
  }
}
