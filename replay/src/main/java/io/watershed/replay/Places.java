package io.watershed.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.query.RecordScan.ScanPosition;
import java.util.Optional;

/** A place in the scan as JSON: {@code incarnation}, {@code shard}, {@code position}. */
final class Places {
  private Places() {}

  static void write(ObjectNode node, ScanPosition place) {
    node.put("incarnation", place.shard().incarnation());
    node.put("shard", place.shard().shardId());
    node.put("position", place.position().text());
  }

  /**
   * Reads what {@link #write} wrote; empty if the object has no position.
   *
   * @throws IllegalArgumentException if it is no place
   */
  static Optional<ScanPosition> read(JsonNode node) {
    if (!node.has("position")) {
      return Optional.empty();
    }
    ShardKey shard =
        new ShardKey(node.required("incarnation").asText(), node.required("shard").asText());
    return Optional.of(
        new ScanPosition(shard, ShardPosition.parse(node.required("position").asText())));
  }
}
