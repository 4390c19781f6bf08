package io.watershed.server.record;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.payload.Utf8;
import io.watershed.core.record.RecordJson;
import io.watershed.core.record.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A record as the API shows it. The payload is exact: text as it came, also of JSON, whose numbers
 * a reader would round; base64 of anything else.
 */
final class RecordView {
  /** Of a longer payload the beginning is shown. */
  static final int SHOWN_BYTES = 64 << 10;

  private RecordView() {}

  /**
   * @param side {@code archive} or {@code live}; empty if nobody asked where it is
   */
  static ObjectNode of(StreamRecord record, String side, int maxPayloadBytes) {
    RecordPosition position = new RecordPosition(record.shard().shardId(), record.position());
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("_incarnation", record.shard().incarnation())
            .put("shard", record.shard().shardId())
            .put("sequence", record.position().sequenceNumber().decimal())
            .put("sub", record.position().subSequenceNumber())
            .put("position", position.text())
            .put("partition_key", record.partitionKey())
            .put("arrival_time", record.arrivalTime().toString());
    if (!side.isEmpty()) {
      json.put("side", side);
    }
    payload(json, record.payload(), maxPayloadBytes);
    return json;
  }

  private static void payload(ObjectNode json, byte[] payload, int maxBytes) {
    json.put("bytes", payload.length);
    boolean whole = payload.length <= maxBytes;
    if (!whole) {
      json.put("payload_cut", true);
    }
    byte[] shown = whole ? payload : Arrays.copyOf(payload, maxBytes);
    if (!whole && Utf8.isValid(payload)) {
      shown = Arrays.copyOf(payload, beforeCharacter(payload, maxBytes));
    }
    if (!Utf8.isValid(shown)) {
      json.put("payload_format", "binary")
          .put("payload_base64", Base64.getEncoder().encodeToString(shown));
      return;
    }
    String text = new String(shown, StandardCharsets.UTF_8);
    json.put("payload_format", whole && RecordJson.isJson(text) ? "json" : "text")
        .put("payload_text", text);
  }

  /** The last place at or before this one where a character of UTF-8 begins. */
  private static int beforeCharacter(byte[] utf8, int place) {
    int at = place;
    while (at > 0 && (utf8[at] & 0xC0) == 0x80) {
      at--;
    }
    return at;
  }
}
