package io.watershed.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.record.ShardPosition;
import io.watershed.query.RecordScan.ScanPosition;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where one owner's records came from and where they are, for the audit.
 *
 * @param first the first record of the scan that it took; empty if it took none
 * @param target per target shard, the lowest and the highest acknowledged position; of at most
 *     {@value #MAX_SHARDS} shards
 */
record Trail(Optional<ScanPosition> first, Map<String, Range> target) {
  /** No more shards are written down: an entry stays far below its largest size. */
  static final int MAX_SHARDS = 1_000;

  static final Trail NONE = new Trail(Optional.empty(), Map.of());

  Trail {
    target = Map.copyOf(target);
  }

  /** Positions of one target shard, both inclusive. */
  record Range(ShardPosition first, ShardPosition last) {
    Range with(ShardPosition position) {
      if (position.compareTo(last) > 0) {
        return new Range(first, position);
      }
      return position.compareTo(first) < 0 ? new Range(position, last) : this;
    }
  }

  void write(ObjectNode entry) {
    first.ifPresent(place -> Places.write(entry.putObject("first"), place));
    if (!target.isEmpty()) {
      ArrayNode shards = entry.putArray("target");
      new TreeMap<>(target)
          .forEach(
              (shard, range) ->
                  shards
                      .addObject()
                      .put("shard", shard)
                      .put("first", range.first().text())
                      .put("last", range.last().text()));
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Trail read(JsonNode entry) {
    Map<String, Range> target = new TreeMap<>();
    for (JsonNode shard : entry.path("target")) {
      target.put(
          shard.required("shard").asText(),
          new Range(
              ShardPosition.parse(shard.required("first").asText()),
              ShardPosition.parse(shard.required("last").asText())));
    }
    return new Trail(Places.read(entry.path("first")), target);
  }
}
