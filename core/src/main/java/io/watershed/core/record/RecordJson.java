package io.watershed.core.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.watershed.core.payload.Utf8;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A record as one line of JSON: the system columns under their names in SQL, then exactly one of
 * {@code payload} (a payload that is one JSON value, spliced in as it is), {@code payload_text}
 * (any other UTF-8) and {@code payload_base64} (RFC 4648). Described in docs/tail.md.
 */
public final class RecordJson {
  private static final JsonFactory JSON = new JsonFactory();

  private RecordJson() {}

  /** The line, without its end. */
  public static String of(StreamRecord record) {
    StringWriter line = new StringWriter(record.payload().length + 400);
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      text(json, SystemColumn.INCARNATION, record.shard().incarnation());
      text(json, SystemColumn.SHARD_ID, record.shard().shardId());
      text(json, SystemColumn.SEQUENCE_NUMBER, record.position().sequenceNumber().padded());
      json.writeNumberField(
          SystemColumn.SUB_SEQUENCE_NUMBER.columnName(), record.position().subSequenceNumber());
      text(json, SystemColumn.PARTITION_KEY, record.partitionKey());
      text(json, SystemColumn.ARRIVAL_TIME, record.arrivalTime().toString());
      payload(json, record.payload());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString();
  }

  private static void text(JsonGenerator json, SystemColumn column, String value)
      throws IOException {
    json.writeStringField(column.columnName(), value);
  }

  private static void payload(JsonGenerator json, byte[] payload) throws IOException {
    if (!Utf8.isValid(payload)) {
      json.writeStringField("payload_base64", Base64.getEncoder().encodeToString(payload));
      return;
    }
    String text = new String(payload, StandardCharsets.UTF_8);
    if (isJson(text)) {
      json.writeFieldName("payload");
      // Line breaks in JSON are between tokens only; a record stays on its line.
      json.writeRawValue(text.strip().replace('\n', ' ').replace('\r', ' '));
    } else {
      json.writeStringField("payload_text", text);
    }
  }

  /** Whether the text is one JSON value and nothing else, within Jackson's bounds of depth. */
  public static boolean isJson(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException notJson) {
      return false;
    }
  }
}
