package io.watershed.server.statement;

import com.fasterxml.jackson.core.JsonGenerator;
import io.watershed.query.format.PlainText;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value for a reader whose numbers are doubles, such as a browser: integers beyond 2^53 and
 * decimals are texts, so is JSON; the rest as in other formats.
 */
public final class CellJson {
  /** The largest integer up to which every one is a double: 2^53 - 1. */
  private static final long MAX_SAFE = (1L << 53) - 1;

  private CellJson() {}

  /** Writes the value. */
  public static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof Long number
        && Math.abs(number) <= MAX_SAFE
        && number != Long.MIN_VALUE) {
      json.writeNumber(number);
    } else if (value instanceof Double number && Double.isFinite(number)) {
      json.writeNumber(number);
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        write(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName(String.valueOf(entry.getKey()));
        write(json, entry.getValue());
      }
      json.writeEndObject();
    } else {
      json.writeString(PlainText.of(value));
    }
  }
}
