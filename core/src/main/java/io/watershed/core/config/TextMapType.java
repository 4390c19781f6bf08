package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Texts by name, such as tags. */
final class TextMapType implements NodeType<Map<String, String>> {
  @Override
  public Map<String, String> read(ConfigNode node, ErrorAt errors) {
    if (!(node instanceof ConfigNode.Mapping mapping)) {
      throw errors.at(node, "", "names and texts are expected here", "Write 'name: text'.");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    mapping
        .members()
        .forEach(
            (name, value) -> {
              if (!(value instanceof ConfigNode.Scalar scalar)) {
                throw errors.at(value, name, "one text is expected here", "Write 'name: text'.");
              }
              texts.put(name, scalar.text());
            });
    return texts;
  }

  @Override
  public Map<String, String> parse(String text) {
    throw new WatershedException(
        ErrorCode.INVALID_INPUT, "names and texts are expected here", "Write 'name: text'.");
  }

  @Override
  public String print(Map<String, String> value) {
    return value.toString();
  }

  @Override
  public Map<String, Object> schema() {
    return new TreeMap<>(
        Map.of(
            "type",
            "object",
            "additionalProperties",
            new TreeMap<>(Map.of("type", List.of("string", "number", "boolean")))));
  }
}
