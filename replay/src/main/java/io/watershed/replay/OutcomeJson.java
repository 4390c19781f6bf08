package io.watershed.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** What a run did, and how far it is, for programs; the names are a contract. */
public final class OutcomeJson {
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
    return JsonNodeFactory.instance
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
  }
}
