package io.watershed.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON objects for the output of commands: one line, keys in snake_case. */
public final class Json {
  /** For reading. */
  public static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** A new one. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }
}
