package io.watershed.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.record.StreamRecord;
import java.util.function.Function;

/** A plan and what it would do, for programs; the names are a contract. */
public final class PlanOutlookJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PlanOutlookJson() {}

  /**
   * Plan, outlook and the plan's own document.
   *
   * @param record how a record of the preview is shown, as JSON
   */
  public static ObjectNode of(
      ReplayPlan plan, PlanOutlook outlook, Function<StreamRecord, String> record) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("plan", plan.id())
            .put("hash", plan.hash())
            .put("records", plan.toSend())
            .put("payload_bytes", plan.counts().payloadBytes())
            .put("oversize", plan.counts().oversize())
            .put("superseded", plan.counts().superseded())
            .put("target_arn", outlook.targetArn())
            .put("open_shards", outlook.openShards())
            .put("seconds_at_least", outlook.atLeast().toMillis() / 1000.0);
    outlook
        .extent()
        .ifPresent(
            extent ->
                json.put("first_arrival", extent.firstArrival().toString())
                    .put("last_arrival", extent.lastArrival().toString())
                    .put("first_key", extent.firstKey())
                    .put("last_key", extent.lastKey()));
    ArrayNode notes = json.putArray("notes");
    plan.notes().forEach(notes::add);
    try {
      if (!outlook.first().isEmpty()) {
        ArrayNode preview = json.putArray("preview");
        for (PlanOutlook.Arrival arrival : outlook.first()) {
          preview.add(MAPPER.readTree(record.apply(arrival.arriving())));
        }
      }
      json.set("document", MAPPER.readTree(plan.json()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what we wrote ourselves is JSON", e);
    }
    return json;
  }

  /** What a comparison with the target found. */
  public static ObjectNode of(ReplayDiff.Report report) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("target_stream", report.targetStream())
        .put("target_receipt", report.targetReceipt())
        .put("keys", report.keys())
        .put("missing", report.missing())
        .put("same", report.same())
        .put("different", report.different())
        .put("newer", report.newer())
        .put("target_only", report.targetOnly());
  }
}
