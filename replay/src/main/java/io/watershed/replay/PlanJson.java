package io.watershed.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.consumer.Envelope;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

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
    plan.from().ifPresent(time -> node.put("from", time.toString()));
    plan.until().ifPresent(time -> node.put("until", time.toString()));
    plan.where().ifPresent(sql -> node.put("where", sql));
    node.put("target", plan.target());
    node.put("targetIncarnation", plan.targetIncarnation());
    node.put("maxRecordBytes", plan.maxRecordBytes());
    node.put("quotaShare", plan.pace().quotaShare());
    plan.pace().maxRecordsPerSecond().ifPresent(rate -> node.put("maxRecordsPerSecond", rate));
    node.put("envelope", plan.envelope().text());
    node.put("toSource", plan.toSource());
    node.put("skipOversize", plan.skipOversize());
    node.put("records", plan.counts().records());
    node.put("payloadBytes", plan.counts().payloadBytes());
    node.put("oversize", plan.counts().oversize());
    return node.toString();
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
        text(node, "from").map(Instant::parse),
        text(node, "until").map(Instant::parse),
        text(node, "where"),
        node.required("target").asText(),
        node.required("targetIncarnation").asText(),
        node.required("maxRecordBytes").asLong(),
        new ReplayPace(
            node.required("quotaShare").asDouble(),
            node.has("maxRecordsPerSecond")
                ? OptionalDouble.of(node.get("maxRecordsPerSecond").asDouble())
                : OptionalDouble.empty()),
        EnvelopeMode.parse(node.required("envelope").asText()),
        node.required("toSource").asBoolean(),
        node.required("skipOversize").asBoolean(),
        new ReplayPlan.Counts(
            node.required("records").asLong(),
            node.required("payloadBytes").asLong(),
            node.required("oversize").asLong()));
  }

  private static Optional<String> text(JsonNode node, String name) {
    return node.has(name) ? Optional.of(node.get(name).asText()) : Optional.empty();
  }
}
