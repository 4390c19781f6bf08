package io.watershed.query.gate;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A table as user SQL names it.
 *
 * @param schema empty, or such as {@code watershed}
 * @param name as written, without quotes
 */
public record TableName(String schema, String name) {
  /** Where the engine has the views of streams; tools write it in front of them. */
  public static final String MAIN = "main";

  /** The name of a BASE_TABLE of the syntax tree that has one part or two. */
  static TableName of(JsonNode table) {
    JsonNode path = table.path("qualified_name").path("path");
    String name = path.path(path.size() - 1).asText();
    return new TableName(path.size() == 2 ? path.path(0).asText() : "", name);
  }

  /** Whether it names a view of a stream by the engine's own schema, and nothing else. */
  public boolean isInMain() {
    return schema.equalsIgnoreCase(MAIN);
  }

  @Override
  public String toString() {
    return schema.isEmpty() ? name : schema + "." + name;
  }
}
