package io.watershed.core.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads YAML or JSON text into {@link ConfigNode}s: a streaming read, so that each value keeps its
 * line, and nothing in the file can expand or construct anything.
 */
final class ConfigText {
  private static final int MAX_DEPTH = 16;
  private static final String PLAIN =
      "The file is plain YAML or JSON: keys and values; 'watershed init' writes an example.";

  private final String file;
  private final JsonParser parser;

  private ConfigText(String file, JsonParser parser) {
    this.file = file;
    this.parser = parser;
  }

  /**
   * @param file the name to show in errors
   * @throws WatershedException {@code config}
   */
  static ConfigNode.Mapping parse(String file, String text) {
    boolean json = text.stripLeading().startsWith("{");
    JsonFactory factory = json ? new JsonFactory() : new YAMLFactory();
    try (JsonParser parser = factory.createParser(text)) {
      return new ConfigText(file, parser).document();
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw error(file, line, firstLine(e.getOriginalMessage()), PLAIN, e);
    } catch (IOException e) {
      throw new IllegalStateException("text cannot fail to be read", e);
    }
  }

  /**
   * As JSON; values are texts, which is what the loader reads.
   *
   * @param withoutKeys left out wherever they are
   */
  static String json(ConfigNode.Mapping root, Set<String> withoutKeys) {
    try {
      return new ObjectMapper()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(values(root, withoutKeys))
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps and lists are always JSON", e);
    }
  }

  private static Map<String, Object> values(ConfigNode.Mapping mapping, Set<String> withoutKeys) {
    Map<String, Object> values = new LinkedHashMap<>();
    mapping
        .members()
        .forEach(
            (key, node) -> {
              if (!withoutKeys.contains(key) && !(node instanceof ConfigNode.Empty)) {
                values.put(key, value(node, withoutKeys));
              }
            });
    return values;
  }

  private static Object value(ConfigNode node, Set<String> withoutKeys) {
    if (node instanceof ConfigNode.Mapping mapping) {
      return values(mapping, withoutKeys);
    }
    if (node instanceof ConfigNode.Sequence list) {
      return list.elements().stream().map(element -> value(element, withoutKeys)).toList();
    }
    return node instanceof ConfigNode.Scalar scalar ? scalar.text() : "";
  }

  private ConfigNode.Mapping document() throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      return ConfigNode.Mapping.empty(1);
    }
    ConfigNode root = node(token, 0);
    if (parser.nextToken() != null) {
      throw error(
          file, line(), "a second document starts here", "Keep one document in the file.", null);
    }
    if (root instanceof ConfigNode.Mapping mapping) {
      return mapping;
    }
    if (root instanceof ConfigNode.Empty) {
      return ConfigNode.Mapping.empty(1);
    }
    throw error(file, root.line(), "this is not a mapping of keys to values", PLAIN, null);
  }

  private ConfigNode node(JsonToken token, int depth) throws IOException {
    int line = line();
    if (depth > MAX_DEPTH) {
      throw error(file, line, "this is nested too deeply", PLAIN, null);
    }
    if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
      throw error(file, line, "YAML aliases (*name) are not supported", PLAIN, null);
    }
    return switch (token) {
      case START_OBJECT -> mapping(line, depth);
      case START_ARRAY -> sequence(line, depth);
      case VALUE_NULL -> new ConfigNode.Empty(line);
      default -> new ConfigNode.Scalar(line, parser.getText());
    };
  }

  private ConfigNode mapping(int line, int depth) throws IOException {
    Map<String, ConfigNode> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      int keyLine = line();
      ConfigNode value = node(parser.nextToken(), depth + 1);
      if (members.put(key, value) != null) {
        throw error(
            file, keyLine, "the key '" + key + "' is here twice", "Keep one of them.", null);
      }
    }
    return new ConfigNode.Mapping(line, members);
  }

  private ConfigNode sequence(int line, int depth) throws IOException {
    List<ConfigNode> elements = new ArrayList<>();
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_ARRAY;
        next = parser.nextToken()) {
      elements.add(node(next, depth + 1));
    }
    return new ConfigNode.Sequence(line, elements);
  }

  private int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "cannot be parsed" : message.lines().findFirst().orElse("");
  }

  private static WatershedException error(
      String file, int line, String what, String hint, @Nullable JsonProcessingException e) {
    return new WatershedException(ErrorCode.CONFIG, file + ":" + line + ": " + what, hint, e);
  }
}
