package io.watershed.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.consumer.Position;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.stream.HashKey;
import io.watershed.core.stream.Shard.HashRange;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the target's shards were when an overwriting run began (PROTOCOL 7.3): live records up to
 * there lose to the run's, later ones win. Fixed once for a run, in the ledger, whoever goes on
 * with it. A key's fence is that of the shard that took it then; if the shard is split or merged
 * later, its children's numbers are above the fence.
 *
 * @param fences one for each shard that was open
 */
record Fences(List<Fence> fences) {
  /** For a run that does not overwrite. */
  static final Fences NONE = new Fences(List.of());

  private static final ObjectMapper JSON = new ObjectMapper();

  Fences {
    fences = List.copyOf(fences);
  }

  /**
   * One shard's fence.
   *
   * @param range the partition-key hashes that the shard owned
   * @param position its last record, or one before its first if it had none
   */
  record Fence(HashRange range, Position position) {}

  /** The fence of a key on the target; empty if the run does not overwrite. */
  Optional<Position> of(String partitionKey) {
    if (fences.isEmpty()) {
      return Optional.empty();
    }
    BigInteger hash = HashKey.of(partitionKey);
    return Optional.of(
        fences.stream()
            .filter(fence -> fence.range().contains(hash))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no fence for the hash " + hash))
            .position());
  }

  byte[] json() {
    ObjectNode node = JSON.createObjectNode().put("version", 1);
    var list = node.putArray("fences");
    for (Fence fence : fences) {
      list.addObject()
          .put("first", fence.range().first().toString())
          .put("last", fence.range().last().toString())
          .put("stream", fence.position().stream())
          .put("shard", fence.position().shard())
          .put("sequence", fence.position().sequence())
          .put("sub", fence.position().sub());
    }
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  static Fences parse(String key, byte[] json) {
    try {
      JsonNode node = JSON.readTree(new String(json, StandardCharsets.UTF_8));
      if (node.required("version").asInt() != 1) {
        throw new IllegalArgumentException("another version");
      }
      List<Fence> fences = new ArrayList<>();
      for (JsonNode fence : node.required("fences")) {
        fences.add(
            new Fence(
                new HashRange(
                    new BigInteger(fence.required("first").asText()),
                    new BigInteger(fence.required("last").asText())),
                new Position(
                    fence.required("stream").asText(),
                    fence.required("shard").asText(),
                    fence.required("sequence").asText(),
                    fence.required("sub").asLong())));
      }
      return new Fences(fences);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "The fences " + key + " cannot be read",
          "They were written by a newer version, or damaged; a new plan does not need them.",
          e);
    }
  }
}
