package io.watershed.query.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses an expression that could give another value for the same record, or other than one value:
 * what replays are planned and resumed by has to select the same records each time.
 */
final class RepeatableCheck {
  /** Functions that are not called consistent by the engine, and those that call them. */
  static final Set<String> UNREPEATABLE =
      Set.of(
          "ago",
          "current_date",
          "current_localtime",
          "current_localtimestamp",
          "current_time",
          "current_timestamp",
          "gen_random_uuid",
          "get_current_time",
          "get_current_timestamp",
          "localtime",
          "localtimestamp",
          "now",
          "random",
          "stats",
          "today",
          "transaction_timestamp",
          "uuid",
          "uuidv4",
          "uuidv7");

  private RepeatableCheck() {}

  static void check(JsonNode node) {
    if (node.isObject()) {
      checkObject(node);
    }
    node.forEach(RepeatableCheck::check);
  }

  private static void checkObject(JsonNode node) {
    switch (node.path("class").asText()) {
      case "FUNCTION" -> checkFunction(node);
      case "COLUMN_REF" -> {
        JsonNode names = node.path("column_names");
        if (names.size() == 1) {
          checkName(names.path(0).asText());
        }
      }
      case "WINDOW" ->
          throw Refusal.of(
              "a window function looks at other records", "Use the columns of one record.");
      case "SUBQUERY" ->
          throw Refusal.of("a subquery looks at other records", "Use the columns of one record.");
      case "STAR" ->
          throw Refusal.of("a star is several values", "Name the column, such as amount.");
      default -> {}
    }
  }

  private static void checkFunction(JsonNode node) {
    String name = node.path("function_name").asText().toLowerCase(Locale.ROOT);
    checkName(name);
    if (name.equals("unnest")) {
      throw Refusal.of("unnest is several values", "Take one element: list[1].");
    }
    if (name.equals("age") && node.path("arguments").size() == 1) {
      checkName("now");
    }
  }

  private static void checkName(String name) {
    if (UNREPEATABLE.contains(name.toLowerCase(Locale.ROOT))) {
      throw Refusal.of(
          Refusal.quote(name) + " gives another value each time",
          "A replay has to select the same records whenever it goes on: write the value itself.");
    }
  }
}
