package io.watershed.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.checkpoint.After;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How far a run has come in one shard of its source. Shards go on independently of each other, so a
 * run goes on from their points, whatever the order was in which shards alternated.
 *
 * @param after every selected record of the shard up to here is done
 * @param ahead bit n: the shard's record n + 1 after that is acknowledged too
 */
record ShardPoint(After after, BitSet ahead) {
  /** The whole shard. */
  static final ShardPoint END = new ShardPoint(new After.End(Optional.empty()), new BitSet());

  private static final String WHOLE = "END";

  ShardPoint {
    ahead = (BitSet) ahead.clone();
  }

  /** Writes the points of shards: per incarnation and shard, with nothing said twice. */
  static void write(ObjectNode entry, Map<ShardKey, ShardPoint> points) {
    ObjectNode all = entry.putObject("shards");
    new TreeMap<>(points)
        .forEach(
            (shard, point) -> {
              ObjectNode node =
                  all.withObjectProperty(shard.incarnation()).putObject(shard.shardId());
              if (point.after().isEnd()) {
                node.put("through", WHOLE);
              }
              point.after().lastPosition().ifPresent(at -> node.put("through", at.text()));
              if (!point.ahead().isEmpty()) {
                byte[] bits = point.ahead().toByteArray();
                node.put("ahead", Base64.getEncoder().encodeToString(bits));
              }
            });
  }

  /**
   * Reads what {@link #write} wrote; nothing, if nothing was written.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static Map<ShardKey, ShardPoint> read(JsonNode entry) {
    Map<ShardKey, ShardPoint> points = new HashMap<>();
    for (Map.Entry<String, JsonNode> incarnation : entry.path("shards").properties()) {
      for (Map.Entry<String, JsonNode> shard : incarnation.getValue().properties()) {
        points.put(new ShardKey(incarnation.getKey(), shard.getKey()), of(shard.getValue()));
      }
    }
    return points;
  }

  private static ShardPoint of(JsonNode node) {
    String through = node.path("through").asText("");
    After after =
        switch (through) {
          case "" -> new After.Start();
          case WHOLE -> END.after();
          default -> new After.At(ShardPosition.parse(through));
        };
    byte[] ahead = Base64.getDecoder().decode(node.path("ahead").asText(""));
    return new ShardPoint(after, BitSet.valueOf(ahead));
  }
}
