package io.watershed.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A list of texts; one text alone is a list of one. */
final class TextListType implements NodeType<List<String>> {
  private static final int MAX_TEXTS = 1_000;

  private final String pattern;

  /**
   * @param pattern of each text
   */
  TextListType(String pattern) {
    this.pattern = pattern;
  }

  @Override
  public List<String> read(ConfigNode node, ErrorAt errors) {
    List<ConfigNode> elements =
        node instanceof ConfigNode.Sequence list ? list.elements() : List.of(node);
    if (elements.size() > MAX_TEXTS) {
      throw errors.at(node, "", "these are more than " + MAX_TEXTS, "Write fewer.");
    }
    List<String> texts = new ArrayList<>();
    for (ConfigNode element : elements) {
      if (!(element instanceof ConfigNode.Scalar scalar) || !scalar.text().matches(pattern)) {
        throw errors.at(
            element, "", "this is not of the form " + pattern, "Write a list of such texts.");
      }
      texts.add(scalar.text());
    }
    return List.copyOf(texts);
  }

  @Override
  public List<String> parse(String text) {
    return List.of(text);
  }

  @Override
  public String print(List<String> texts) {
    return String.join(", ", texts);
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> text =
        new TreeMap<>(Map.of("type", "string", "pattern", "^" + pattern + "$"));
    Map<String, Object> list = new TreeMap<>(Map.of("type", "array", "items", text));
    return new TreeMap<>(Map.of("anyOf", List.of(text, list)));
  }
}
