package io.watershed.core.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON Schema (draft 2020-12) of {@code watershed.yaml}, made from {@link ConfigKeys}. It is
 * published as {@code docs/watershed.schema.json}, so that editors can complete and check the file.
 */
public final class ConfigJsonSchema {
  private ConfigJsonSchema() {}

  /** The schema, indented, with a newline at its end. */
  public static String text() {
    Map<String, Object> reservoir = part(ConfigKeys.RESERVOIR);
    Map<String, Object> streams = new LinkedHashMap<>();
    streams.put("description", "Streams by name or ARN.");
    streams.put("type", List.of("object", "null"));
    streams.put("additionalProperties", part(ConfigKeys.STREAM));

    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("reservoir", Map.of("anyOf", List.of(Map.of("type", "string"), reservoir)));
    parts.put("aws", part(ConfigKeys.AWS));
    parts.put("defaults", part(ConfigKeys.DEFAULTS));
    parts.put("streams", streams);
    parts.put("server", part(ConfigKeys.SERVER));
    parts.put("cluster", part(ConfigKeys.CLUSTER));
    parts.put("drill", part(ConfigKeys.DRILL));
    parts.put(
        "catalog",
        Map.of(
            "anyOf", List.of(Map.of("enum", List.of("none", "glue")), part(ConfigKeys.CATALOG))));

    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "watershed.yaml");
    schema.put("type", "object");
    schema.put("additionalProperties", false);
    schema.put("properties", parts);
    schema.put("$defs", Map.of(DeclaredColumnsType.DEFINITION, DeclaredColumnsType.definition()));
    try {
      return new ObjectMapper()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(schema)
              .replace("\r\n", "\n")
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps and lists are always JSON", e);
    }
  }

  private static Map<String, Object> part(List<ConfigKey<?>> keys) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (ConfigKey<?> key : keys) {
      properties.put(key.name(), property(key));
    }
    Map<String, Object> part = new LinkedHashMap<>();
    part.put("type", List.of("object", "null"));
    part.put("additionalProperties", false);
    part.put("properties", properties);
    return part;
  }

  private static <T> Map<String, Object> property(ConfigKey<T> key) {
    Map<String, Object> property = new LinkedHashMap<>();
    property.put("description", key.meaning());
    property.putAll(key.type().schema());
    key.defaultValue().ifPresent(value -> property.put("default", asJson(value, key)));
    return property;
  }

  private static <T> Object asJson(T value, ConfigKey<T> key) {
    boolean asItIs = value instanceof Number || value instanceof Boolean || value instanceof List;
    return asItIs ? value : key.type().print(value);
  }
}
