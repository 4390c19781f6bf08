package io.watershed.cli.put;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a record's partition key comes from: a field of the JSON payload ({@code id}, {@code
 * customer.id}), a text with fields in braces ({@code {origin}-{destination}}), or, without either,
 * the record's number, which spreads records over all shards. Thread-safe.
 */
public final class PartitionKeys {
  private static final Pattern FIELD = Pattern.compile("\\{([^{}]+)}");
  private static final Pattern PATH_STEP = Pattern.compile("\\.");
  private static final int MAX_CHARS = 256;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Literal text and field paths in turn: the odd entries are fields. */
  private final List<String> parts;

  private PartitionKeys(List<String> parts) {
    this.parts = parts;
  }

  /** Keys from the records' numbers. */
  public static PartitionKeys ofNumber() {
    return new PartitionKeys(List.of());
  }

  /** Keys by field or expression. */
  public static PartitionKeys of(String expression) {
    if (!expression.contains("{")) {
      return new PartitionKeys(List.of("", expression, ""));
    }
    List<String> parts = new ArrayList<>();
    Matcher field = FIELD.matcher(expression);
    int literal = 0;
    while (field.find()) {
      parts.add(expression.substring(literal, field.start()));
      parts.add(field.group(1));
      literal = field.end();
    }
    parts.add(expression.substring(literal));
    if (parts.size() == 1) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "'" + expression + "' names no field",
          "Write a field (customer.id), or a text with fields in braces ({origin}-{destination}).");
    }
    return new PartitionKeys(parts);
  }

  /**
   * The partition key of one record.
   *
   * @param number the record's number in its file, from 1
   * @throws WatershedException {@code invalid-input} if the payload has no such field
   */
  public String of(byte[] payload, long number) {
    if (parts.isEmpty()) {
      return String.valueOf(number);
    }
    JsonNode root = parse(payload, number);
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      key.append(i % 2 == 0 ? parts.get(i) : value(root, parts.get(i), number));
    }
    if (key.isEmpty() || key.length() > MAX_CHARS) {
      throw refused("Record " + number + " has a partition key of " + key.length() + " characters");
    }
    return key.toString();
  }

  private static JsonNode parse(byte[] payload, long number) {
    try {
      return JSON.readTree(payload);
    } catch (IOException e) {
      throw refused("Record " + number + " is not JSON, so it has no field for its partition key");
    }
  }

  private static String value(JsonNode root, String path, long number) {
    JsonNode node = root.get(path);
    if (node == null) {
      node = root;
      for (String step : PATH_STEP.split(path, -1)) {
        node = node == null ? null : node.get(step);
      }
    }
    if (node == null || node.isContainerNode() || node.isNull()) {
      throw refused("Record " + number + " has no value in '" + path + "' for its partition key");
    }
    return node.asText();
  }

  private static WatershedException refused(String message) {
    return new WatershedException(
        ErrorCode.INVALID_INPUT,
        message,
        "Choose another --key, with 1 to 256 characters in every record, or leave it out to spread"
            + " records by their number.");
  }
}
