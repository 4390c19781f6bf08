package io.watershed.hive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.checkpoint.After;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.cut.LiveRange;
import io.watershed.cut.PinnedShard;
import io.watershed.cut.PinnedStream;
import io.watershed.cut.Receipt;
import io.watershed.cut.Receipts;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A query's cut as JSON: the receipt's body, and what proves the live ranges. */
final class QueryCutJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private QueryCutJson() {}

  static String write(QueryCut cut) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("version", 1);
    root.put("receipt", cut.receipt().body());
    ArrayNode live = root.putArray("live");
    for (LiveRange range : cut.live()) {
      ObjectNode node = live.addObject();
      node.put("incarnation", range.shard().incarnation());
      node.put("shard", range.shard().shardId());
      range.completeThrough().ifPresent(time -> node.put("complete_through", time.toString()));
      range.lastArrival().ifPresent(time -> node.put("last_arrival", time.toString()));
      node.put("through", range.through().text());
      node.put("rows", range.rows());
      node.put("bytes", range.bytes());
      node.put("digest", range.digest().hex());
    }
    try {
      return MAPPER.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of nodes always prints", e);
    }
  }

  static QueryCut read(String key, String json, Receipts receipts) {
    try {
      JsonNode root = MAPPER.readTree(json);
      if (root.path("version").asInt() != 1) {
        throw unreadable(key, null);
      }
      Receipt receipt = receipts.find(root.path("receipt").asText());
      PinnedStream pinned = receipt.streams().get(0);
      List<LiveRange> live = new ArrayList<>();
      for (JsonNode node : root.path("live")) {
        ShardKey shard =
            new ShardKey(node.path("incarnation").asText(), node.path("shard").asText());
        live.add(
            new LiveRange(
                shard,
                Optional.ofNullable(pinned.shards().get(shard))
                    .map(PinnedShard::archived)
                    .orElse(new After.Start()),
                time(node, "complete_through"),
                time(node, "last_arrival"),
                ShardPosition.parse(node.path("through").asText()),
                node.path("rows").asLong(),
                node.path("bytes").asLong(),
                RecordDigest.parse(node.path("digest").asText())));
      }
      return new QueryCut(key, receipt, pinned, live);
    } catch (JsonProcessingException | IndexOutOfBoundsException | DateTimeException e) {
      throw unreadable(key, e);
    }
  }

  private static Optional<Instant> time(JsonNode node, String member) {
    return Optional.ofNullable(node.get(member)).map(JsonNode::asText).map(Instant::parse);
  }

  private static WatershedException unreadable(
      String key, @org.jspecify.annotations.Nullable Exception cause) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "the query's cut " + key + " cannot be read",
        "Another version of watershed may have written it: run the query again.",
        cause);
  }
}
