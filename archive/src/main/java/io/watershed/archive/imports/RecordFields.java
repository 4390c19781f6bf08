package io.watershed.archive.imports;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Reads partition key and arrival time out of JSON payloads, if that was asked for. */
final class RecordFields {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** Numbers above this are milliseconds: as seconds it is the year 5138. */
  private static final BigDecimal MAX_SECONDS = new BigDecimal(100_000_000_000L);

  private static final BigDecimal MILLIS = new BigDecimal(1_000);
  private static final int MAX_DIGITS = 20;
  private static final int MAX_KEY_LENGTH = 256;

  private final Optional<String[]> keyPath;
  private final Optional<String[]> timePath;

  RecordFields(Optional<String> keyField, Optional<String> timeField) {
    this.keyPath = keyField.map(path -> path.split("\\."));
    this.timePath = timeField.map(path -> path.split("\\."));
  }

  /** What a payload says. */
  record Fields(Optional<String> key, Optional<Instant> time) {
    static final Fields NONE = new Fields(Optional.empty(), Optional.empty());
  }

  boolean wantsTime() {
    return timePath.isPresent();
  }

  Fields of(byte[] payload) {
    if (keyPath.isEmpty() && timePath.isEmpty()) {
      return Fields.NONE;
    }
    JsonNode root;
    try {
      root = JSON.readTree(payload);
    } catch (IOException e) {
      return Fields.NONE;
    }
    return new Fields(
        keyPath.flatMap(path -> find(root, path)).flatMap(RecordFields::key),
        timePath.flatMap(path -> find(root, path)).flatMap(RecordFields::time));
  }

  private static Optional<JsonNode> find(JsonNode root, String[] path) {
    JsonNode node = root;
    for (String name : path) {
      node = node.path(name);
    }
    return node.isValueNode() && !node.isNull() ? Optional.of(node) : Optional.empty();
  }

  private static Optional<String> key(JsonNode node) {
    String text = node.asText();
    return text.isEmpty() || text.length() > MAX_KEY_LENGTH ? Optional.empty() : Optional.of(text);
  }

  private static Optional<Instant> time(JsonNode node) {
    try {
      if (node.isNumber()) {
        BigDecimal number = node.decimalValue();
        if (Math.abs((long) number.precision() - number.scale()) > MAX_DIGITS) {
          return Optional.empty();
        }
        BigDecimal millis =
            number.abs().compareTo(MAX_SECONDS) > 0 ? number : number.multiply(MILLIS);
        return Optional.of(Instant.ofEpochMilli(millis.longValue()));
      }
      return Optional.of(OffsetDateTime.parse(node.asText().replace(' ', 'T')).toInstant());
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
