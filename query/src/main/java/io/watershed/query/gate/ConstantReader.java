package io.watershed.query.gate;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.cut.condition.Condition;
import io.watershed.cut.condition.TimeText;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads constants of a syntax tree. What it does not surely understand, it does not read. */
final class ConstantReader {
  private static final int MAX_DIGITS = 60;

  private static final Set<String> TEXT_TYPES = Set.of("varchar", "text", "string");
  private static final Set<String> WHOLE_NUMBER_TYPES = Set.of("bigint", "int8", "long", "hugeint");
  private static final Set<String> TIMESTAMP_TYPES = Set.of("timestamp", "datetime");
  private static final Set<String> ZONED_TYPES = Set.of("timestamptz", "timestamp with time zone");

  private ConstantReader() {}

  /** The constant, as {@link Condition#constants()} has it. */
  static Optional<Object> read(JsonNode node) {
    return switch (node.path("class").asText()) {
      case "CONSTANT" -> literal(node.path("literal"));
      case "CAST" -> cast(node);
      default -> Optional.empty();
    };
  }

  private static Optional<Object> literal(JsonNode literal) {
    String text = literal.path("text").asText();
    return switch (literal.path("kind").asText()) {
      case "STRING" -> Optional.of(text);
      case "INTEGER", "NUMERIC" -> number(text);
      default -> Optional.empty();
    };
  }

  private static Optional<Object> number(String text) {
    try {
      return text.length() > MAX_DIGITS ? Optional.empty() : Optional.of(new BigDecimal(text));
    } catch (NumberFormatException e) {
      return Optional.empty(); // such as 1_000 or 0xff
    }
  }

  private static Optional<Object> cast(JsonNode node) {
    JsonNode type = node.path("type_expr");
    boolean plain =
        type.path("children").isEmpty()
            && type.path("qualified_name").path("path").size() == 1
            && !node.path("try_cast").asBoolean(true);
    JsonNode literal = node.path("child").path("literal");
    if (!plain || !node.path("child").path("class").asText().equals("CONSTANT")) {
      return Optional.empty();
    }
    String kind = literal.path("kind").asText();
    String name = type.path("type_name").asText().toLowerCase(Locale.ROOT);
    if (kind.equals("INTEGER") && WHOLE_NUMBER_TYPES.contains(name)) {
      return literal(literal);
    }
    return kind.equals("STRING") ? castText(literal.path("text").asText(), name) : Optional.empty();
  }

  private static Optional<Object> castText(String text, String type) {
    if (TEXT_TYPES.contains(type)) {
      return Optional.of(text);
    }
    Optional<TimeText> time = TimeText.of(text);
    boolean readable =
        ZONED_TYPES.contains(type)
            || (TIMESTAMP_TYPES.contains(type) && !time.map(TimeText::zoned).orElse(true))
            || (type.equals("date") && time.map(TimeText::dateOnly).orElse(false));
    return readable ? time.map(TimeText::instant) : Optional.empty();
  }
}
