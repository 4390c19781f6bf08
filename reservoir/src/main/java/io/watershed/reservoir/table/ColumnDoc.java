package io.watershed.reservoir.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadColumn;

/**
 * What an Iceberg column's doc says of a payload column, as small JSON, so that the table needs no
 * side state: {@code {"key":"amount","type":"double"}}.
 *
 * @param key the JSON object key
 * @param type the type
 */
record ColumnDoc(String key, ColumnType type) {
  private static final JsonMapper JSON = new JsonMapper();

  static ColumnDoc of(PayloadColumn column) {
    return new ColumnDoc(column.key(), column.type());
  }

  String text() {
    try {
      return JSON.writeValueAsString(
          JSON.createObjectNode().put("key", key).put("type", type.suffix()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("two texts are always writable", e);
    }
  }

  static ColumnDoc parse(String column, String doc) {
    try {
      JsonNode node = JSON.readTree(doc);
      String type = node.path("type").asText();
      for (ColumnType candidate : ColumnType.values()) {
        if (candidate.suffix().equals(type) && node.hasNonNull("key")) {
          return new ColumnDoc(node.get("key").asText(), candidate);
        }
      }
    } catch (JsonProcessingException e) {
      // Not ours: said below.
    }
    throw new WatershedException(
        ErrorCode.INTEGRITY,
        "The column '" + column + "' does not say which payload path it holds",
        "Another tool changed the table's columns or their comments; undo that.");
  }
}
