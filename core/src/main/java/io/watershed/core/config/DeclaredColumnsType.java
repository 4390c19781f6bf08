package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code columns}: a mapping of JSON keys to types, nested as the payloads are. */
final class DeclaredColumnsType implements NodeType<List<DeclaredColumn>> {
  /** Where the JSON Schema has the recursive part. */
  static final String DEFINITION = "columns";

  private static final String WORDS =
      Arrays.stream(DeclaredType.values())
          .map(DeclaredType::word)
          .collect(Collectors.joining(", "));

  @Override
  public List<DeclaredColumn> read(ConfigNode node, ErrorAt errors) {
    if (!(node instanceof ConfigNode.Mapping mapping)) {
      throw errors.at(node, "", "columns are keys with types", "Write 'amount: double' below it.");
    }
    List<DeclaredColumn> columns = new ArrayList<>();
    addAll(mapping, List.of(), columns, errors);
    if (columns.size() > SchemaSettings.DEFAULTS.maxColumns()) {
      throw errors.at(
          node,
          "",
          columns.size() + " columns are too many",
          "Declare at most " + SchemaSettings.DEFAULTS.maxColumns() + ".");
    }
    return List.copyOf(columns);
  }

  private static void addAll(
      ConfigNode.Mapping mapping,
      List<String> above,
      List<DeclaredColumn> columns,
      ErrorAt errors) {
    mapping
        .members()
        .forEach(
            (key, node) -> {
              List<String> path = new ArrayList<>(above);
              path.add(key);
              check(path, node, errors);
              if (node instanceof ConfigNode.Mapping members && !members.members().isEmpty()) {
                addAll(members, path, columns, errors);
              } else {
                columns.add(new DeclaredColumn(path, type(path, node, errors)));
              }
            });
  }

  private static void check(List<String> path, ConfigNode node, ErrorAt errors) {
    String key = path.get(path.size() - 1);
    if (key.length() > SchemaSettings.DEFAULTS.maxKeyLength()) {
      throw errors.at(
          node,
          String.join(".", path.subList(0, path.size() - 1)),
          "a key of " + key.length() + " characters cannot be a column",
          "Columns are made of keys of at most "
              + SchemaSettings.DEFAULTS.maxKeyLength()
              + " characters.");
    }
    if (path.size() > SchemaSettings.MAX_COLUMN_DEPTH) {
      throw errors.at(
          node,
          String.join(".", path),
          "columns are nested at most " + SchemaSettings.MAX_COLUMN_DEPTH + " keys deep",
          "Declare the object above it as json, and take it apart in SQL.");
    }
    if (path.equals(List.of("_watershed"))) {
      throw errors.at(
          node, "_watershed", "this key is the envelope of replayed records", "Leave it out.");
    }
  }

  private static DeclaredType type(List<String> path, ConfigNode node, ErrorAt errors) {
    String word = node instanceof ConfigNode.Scalar scalar ? scalar.text() : "";
    return DeclaredType.named(word)
        .orElseThrow(
            () ->
                errors.at(
                    node,
                    String.join(".", path),
                    word.isEmpty() ? "a type is missing" : "'" + word + "' is not a type",
                    "Write one of: " + WORDS + "; or keys with types for an object."));
  }

  @Override
  public List<DeclaredColumn> parse(String text) {
    throw new WatershedException(
        ErrorCode.INVALID_INPUT,
        "columns are keys with types",
        "Write one key with its type in each line below 'columns:'.");
  }

  @Override
  public String print(List<DeclaredColumn> columns) {
    return columns.stream()
        .map(column -> String.join(".", column.path()) + ": " + column.type().word())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  @Override
  public Map<String, Object> schema() {
    return Map.of("$ref", "#/$defs/" + DEFINITION);
  }

  /** The recursive part of the JSON Schema. */
  static Map<String, Object> definition() {
    List<String> words = Arrays.stream(DeclaredType.values()).map(DeclaredType::word).toList();
    Map<String, Object> definition = new TreeMap<>();
    definition.put("type", "object");
    definition.put(
        "additionalProperties",
        Map.of("anyOf", List.of(Map.of("enum", words), Map.of("$ref", "#/$defs/" + DEFINITION))));
    return definition;
  }
}
