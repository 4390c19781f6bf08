package io.watershed.replay;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What a run did, and how far it is, for programs; the names are a contract. */
public final class OutcomeJson {
  /** Shards of one report, the busiest first: a report is sent every second. */
  private static final int MAX_SHARDS = 100;

  private OutcomeJson() {}

  /** What it did. */
  public static ObjectNode of(ReplayOutcome outcome) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("plan", outcome.planId())
        .put("ending", outcome.ending().name().toLowerCase(Locale.ROOT))
        .put("planned", outcome.planned())
        .put("acknowledged", outcome.acknowledged())
        .put("skipped_oversize", outcome.skippedOversize())
        .put("superseded", outcome.superseded())
        .put("possible_duplicates", outcome.possibleDuplicates())
        .put("order_violations", outcome.orderViolations())
        .put("throttles", outcome.throttles())
        .put("retries", outcome.retries())
        .put("hot_key_share", outcome.hotKeyShare())
        .put("error", outcome.error().map(e -> e.code().text()).orElse(null));
  }

  /** How far it is. */
  public static ObjectNode of(ReplayProgress progress) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("planned", progress.planned())
            .put("sent", progress.sent())
            .put("acknowledged", progress.acknowledged())
            .put("bytes", progress.bytes())
            .put("records_per_second", progress.recordsPerSecond())
            .put("eta_seconds", progress.eta().map(eta -> eta.toMillis() / 1e3).orElse(null))
            .put("throttles", progress.throttles())
            .put("retries", progress.retries())
            .put("hot_key_share", progress.hotKeyShare());
    ArrayNode shards = json.putArray("shards");
    List<ShardProgress> shown =
        progress.shards().stream()
            .sorted(Comparator.comparingDouble(ShardProgress::quotaShare).reversed())
            .limit(MAX_SHARDS)
            .sorted(Comparator.comparing(ShardProgress::shardId))
            .toList();
    shown.forEach(shard -> put(shards.addObject(), shard));
    return json.put("shards_left_out", progress.shards().size() - shown.size());
  }

  private static void put(ObjectNode json, ShardProgress shard) {
    json.put("shard", shard.shardId())
        .put("records_per_second", shard.recordsPerSecond())
        .put("bytes_per_second", shard.bytesPerSecond())
        .put("share", shard.quotaShare())
        .put(
            "allowed_share",
            Double.isFinite(shard.allowedShare()) ? (Double) shard.allowedShare() : null)
        .put("throttled", shard.throttles());
  }
}
