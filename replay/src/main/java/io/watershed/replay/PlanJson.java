package io.watershed.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.consumer.Envelope;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardPosition;
import io.watershed.query.LastPerKey;
import io.watershed.query.RecordScan.Compaction;
import io.watershed.query.RecordSelection;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The canonical JSON of a plan. Version 1; an unknown version or member is refused. */
final class PlanJson {
  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private PlanJson() {}

  static String write(ReplayPlan plan) {
    ObjectNode node = JSON.createObjectNode();
    node.put("version", VERSION);
    node.put("stream", plan.stream());
    node.put("receipt", plan.receipt());
    writeSelection(plan.selection(), node);
    node.put("target", plan.target());
    node.put("targetIncarnation", plan.to().incarnation());
    node.put("maxRecordBytes", plan.maxRecordBytes());
    node.put("toSource", plan.to().isSource());
    writeDelivery(plan.delivery(), node);
    node.put("records", plan.counts().records());
    node.put("payloadBytes", plan.counts().payloadBytes());
    node.put("oversize", plan.counts().oversize());
    if (plan.delivery().skipSuperseded()) {
      node.put("superseded", plan.counts().superseded());
    }
    put(node, "firstArrival", plan.counts().firstArrival());
    put(node, "lastArrival", plan.counts().lastArrival());
    plan.counts().compaction().ifPresent(counts -> writeCompaction(counts, node));
    return node.toString();
  }

  private static void writeCompaction(Compaction counts, ObjectNode node) {
    ObjectNode compacted = node.putObject("compacted");
    compacted.put("selected", counts.selected());
    compacted.put("keys", counts.keys());
    compacted.put("withoutKey", counts.withoutKey());
    compacted.put("tombstones", counts.tombstones());
    compacted.put("droppedKeys", counts.droppedKeys());
  }

  private static Compaction readCompaction(JsonNode node) {
    return new Compaction(
        node.required("selected").asLong(),
        node.required("keys").asLong(),
        node.required("withoutKey").asLong(),
        node.required("tombstones").asLong(),
        node.required("droppedKeys").asLong());
  }

  /** What is not asked for is not there: so a plan keeps its hash when later versions can more. */
  private static void writeSelection(RecordSelection selection, ObjectNode node) {
    put(node, "from", selection.from());
    put(node, "until", selection.until());
    if (!selection.shards().isEmpty()) {
      ArrayNode shards = node.putArray("shards");
      selection.shards().forEach(shards::add);
    }
    if (!selection.starts().isEmpty()) {
      ObjectNode starts = node.putObject("starts");
      selection.starts().forEach((shard, position) -> starts.put(shard, position.text()));
    }
    put(node, "where", selection.where());
    selection
        .last()
        .ifPresent(
            last -> {
              ObjectNode compact = node.putObject("lastPer");
              compact.put("key", last.key());
              put(compact, "orderBy", last.orderBy());
              put(compact, "tombstone", last.tombstone());
              put(compact, "dropTombstones", last.dropTombstones());
            });
  }

  private static void writeDelivery(Delivery delivery, ObjectNode node) {
    node.put("quotaShare", delivery.pace().quotaShare());
    delivery.pace().maxRecordsPerSecond().ifPresent(rate -> node.put("maxRecordsPerSecond", rate));
    node.put("envelope", delivery.envelope().text());
    put(node, "set", delivery.annotations().constants());
    put(node, "setSql", delivery.annotations().expressions());
    put(node, "overwrite", delivery.overwrite());
    put(node, "partitionKey", delivery.partitionKey());
    put(node, "dense", delivery.dense());
    put(node, "skipSuperseded", delivery.skipSuperseded());
    put(node, "skipOversize", delivery.skipOversize());
  }

  private static void put(ObjectNode node, String name, Optional<?> value) {
    value.ifPresent(some -> node.put(name, some.toString()));
  }

  private static void put(ObjectNode node, String name, boolean value) {
    if (value) {
      node.put(name, true);
    }
  }

  private static void put(ObjectNode node, String name, Map<String, String> values) {
    if (!values.isEmpty()) {
      ObjectNode object = node.putObject(name);
      values.forEach(object::put);
    }
  }

  static String hash(String json) {
    return Envelope.sha256(json.getBytes(StandardCharsets.UTF_8));
  }

  static ReplayPlan read(String json) {
    try {
      JsonNode node = JSON.readTree(json);
      ReplayPlan plan = read(node);
      if (!node.equals(JSON.readTree(write(plan)))) {
        throw new IllegalArgumentException("members that this version does not know");
      }
      return plan;
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "This is not a replay plan of version " + VERSION,
          "Use a plan as 'replay plan' wrote it, unchanged.",
          e);
    }
  }

  private static ReplayPlan read(JsonNode node) {
    return new ReplayPlan(
        node.required("stream").asText(),
        node.required("receipt").asText(),
        readSelection(node),
        new ReplayPlan.Target(
            node.required("target").asText(),
            node.required("targetIncarnation").asText(),
            node.required("maxRecordBytes").asLong(),
            node.required("toSource").asBoolean()),
        readDelivery(node),
        new ReplayPlan.Counts(
            node.required("records").asLong(),
            node.required("payloadBytes").asLong(),
            node.required("oversize").asLong(),
            node.path("superseded").asLong(),
            text(node, "firstArrival").map(Instant::parse),
            text(node, "lastArrival").map(Instant::parse),
            Optional.ofNullable(node.get("compacted")).map(PlanJson::readCompaction)));
  }

  private static RecordSelection readSelection(JsonNode node) {
    Set<String> shards = new TreeSet<>();
    node.path("shards").forEach(shard -> shards.add(shard.asText()));
    Map<String, ShardPosition> starts = new TreeMap<>();
    texts(node.path("starts"))
        .forEach((shard, position) -> starts.put(shard, ShardPosition.parse(position)));
    return new RecordSelection(
        text(node, "from").map(Instant::parse),
        text(node, "until").map(Instant::parse),
        shards,
        starts,
        text(node, "where"),
        node.has("lastPer") ? Optional.of(readLast(node.get("lastPer"))) : Optional.empty());
  }

  private static LastPerKey readLast(JsonNode node) {
    return new LastPerKey(
        node.required("key").asText(),
        text(node, "orderBy"),
        text(node, "tombstone"),
        node.path("dropTombstones").asBoolean());
  }

  private static Delivery readDelivery(JsonNode node) {
    OptionalDouble maxRate =
        node.has("maxRecordsPerSecond")
            ? OptionalDouble.of(node.get("maxRecordsPerSecond").asDouble())
            : OptionalDouble.empty();
    return new Delivery(
        new ReplayPace(node.required("quotaShare").asDouble(), maxRate),
        EnvelopeMode.parse(node.required("envelope").asText()),
        new Annotations(texts(node.path("set")), texts(node.path("setSql"))),
        node.path("overwrite").asBoolean(),
        text(node, "partitionKey"),
        node.path("dense").asBoolean(),
        node.path("skipSuperseded").asBoolean(),
        node.path("skipOversize").asBoolean());
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new TreeMap<>();
    object.properties().forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
    return texts;
  }

  private static Optional<String> text(JsonNode node, String name) {
    return node.has(name) ? Optional.of(node.get(name).asText()) : Optional.empty();
  }
}
