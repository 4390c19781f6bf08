package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keys and values of somebody else's definition, such as a service's request: maps, lists, and
 * texts as they are written. Whoever takes it checks it.
 */
final class FreeFormType implements NodeType<Map<String, Object>> {
  @Override
  public Map<String, Object> read(ConfigNode node, ErrorAt errors) {
    if (!(node instanceof ConfigNode.Mapping mapping)) {
      throw errors.at(node, "", "keys and values are expected here", "Write 'Key: value'.");
    }
    return members(mapping, errors);
  }

  private static Map<String, Object> members(ConfigNode.Mapping mapping, ErrorAt errors) {
    Map<String, Object> members = new LinkedHashMap<>();
    mapping.members().forEach((key, value) -> members.put(key, value(value, key, errors)));
    return members;
  }

  private static Object value(ConfigNode node, String key, ErrorAt errors) {
    if (node instanceof ConfigNode.Scalar scalar) {
      return scalar.text();
    }
    if (node instanceof ConfigNode.Mapping mapping) {
      return members(mapping, errors);
    }
    if (node instanceof ConfigNode.Sequence list) {
      List<Object> values = new ArrayList<>();
      list.elements().forEach(element -> values.add(value(element, key, errors)));
      return values;
    }
    throw errors.at(node, key, "the value is missing", "Give one, or leave the key out.");
  }

  @Override
  public Map<String, Object> parse(String text) {
    throw new WatershedException(
        ErrorCode.INVALID_INPUT, "keys and values are expected here", "Write 'Key: value'.");
  }

  @Override
  public String print(Map<String, Object> value) {
    return value.toString();
  }

  @Override
  public Map<String, Object> schema() {
    return new TreeMap<>(Map.of("type", "object"));
  }
}
