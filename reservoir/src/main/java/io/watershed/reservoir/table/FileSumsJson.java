package io.watershed.reservoir.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The JSON of {@link FileSums}. Files are read for years: a reader ignores members that it does not
 * know, and a change of meaning takes a new version.
 */
final class FileSumsJson {
  private static final int VERSION = 1;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private FileSumsJson() {}

  static String write(FileSums sums) {
    ObjectNode root = JSON.createObjectNode().put("version", VERSION);
    ArrayNode shards = root.putArray("shards");
    for (ShardSums shard : sums.shards()) {
      ObjectNode node =
          shards
              .addObject()
              .put("incarnation", shard.shard().incarnation())
              .put("shard", shard.shard().shardId());
      node.put("from", shard.from().map(ShardPosition::text).orElse(null));
      node.put("through", shard.through().text())
          .put("rows", shard.rows())
          .put("skipped", shard.skipped())
          .put("digest", shard.digest().hex());
    }
    ArrayNode unlisted = root.putArray("unlisted");
    sums.unlistedPaths().forEach(unlisted::add);
    if (!sums.sortedByPosition()) {
      root.put("sorted", false);
    }
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of text and numbers is always writable", e);
    }
  }

  static FileSums read(String json) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw unreadable("it is not JSON", e);
    }
    int version = root.path("version").asInt(0);
    if (version != VERSION) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "A data file's sums have version " + version + "; this program reads " + VERSION,
          "Read the archive with a newer watershed.");
    }
    try {
      List<ShardSums> shards = new ArrayList<>();
      for (JsonNode node : root.required("shards")) {
        shards.add(readShard(node));
      }
      List<String> unlisted = new ArrayList<>();
      root.required("unlisted").forEach(path -> unlisted.add(path.asText()));
      return new FileSums(shards, unlisted, root.path("sorted").asBoolean(true));
    } catch (IllegalArgumentException e) {
      throw unreadable("a member is missing", e);
    } catch (WatershedException e) {
      throw e.code() == ErrorCode.INVALID_INPUT ? unreadable("a position is none", e) : e;
    }
  }

  private static ShardSums readShard(JsonNode node) {
    JsonNode from = node.required("from");
    return new ShardSums(
        new ShardKey(node.required("incarnation").asText(), node.required("shard").asText()),
        from.isNull() ? Optional.empty() : Optional.of(ShardPosition.parse(from.asText())),
        ShardPosition.parse(node.required("through").asText()),
        node.required("rows").asLong(),
        node.required("skipped").asLong(),
        RecordDigest.parse(node.required("digest").asText()));
  }

  private static WatershedException unreadable(String why, Exception cause) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "The sums in a data file's footer cannot be read: " + why,
        "The file was damaged or not written by watershed; run 'watershed verify'.",
        cause);
  }
}
