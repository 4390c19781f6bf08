package io.watershed.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.reservoir.replays.Operator;
import io.watershed.reservoir.replays.StoredReplay;
import io.watershed.reservoir.replays.StoredReplay.Owner;
import io.watershed.reservoir.replays.StoredReplay.Place;
import io.watershed.reservoir.replays.StoredReplay.Progress;
import io.watershed.reservoir.replays.StoredReplay.TargetRange;
import java.util.Locale;
import java.util.Optional;

/** A replay of the ledger for programs; the names are a contract. */
public final class StoredReplayJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private StoredReplayJson() {}

  /** Without the plan's document. */
  public static ObjectNode of(StoredReplay replay) {
    Optional<Progress> progress = replay.progress();
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put(
                "plan",
                replay.hash().substring(0, Math.min(ReplayPlan.ID_CHARS, replay.hash().length())))
            .put("hash", replay.hash())
            .put("planned_at", replay.plannedAt().toString())
            .put("stream", replay.stream())
            .put("target", replay.target())
            .put("target_arn", targetArn(replay).orElse(null))
            .put("state", replay.state())
            .put("run", replay.run())
            .put("planned", replay.records() - replay.oversize())
            .put("acknowledged", progress.map(Progress::acknowledged).orElse(0L))
            .put("skipped_oversize", progress.map(Progress::skipped).orElse(0L))
            .put("superseded", progress.map(Progress::superseded).orElse(0L))
            .put("possible_duplicates", progress.map(Progress::possibleDuplicates).orElse(0L))
            .put("order_violations", progress.map(Progress::orderViolations).orElse(0L));
    if (replay.skipsSuperseded()) {
      json.put("superseded_lists", replay.supersededPrefix());
    }
    ArrayNode owners = json.putArray("owners");
    replay.owners().forEach(owner -> owner(owners.addObject(), owner));
    return json;
  }

  private static void owner(ObjectNode json, Owner owner) {
    json.put("epoch", owner.epoch())
        .put("run", owner.run())
        .put("action", owner.action().toLowerCase(Locale.ROOT))
        .put("user", owner.by().user())
        .put("host", owner.by().host())
        .put("tool_version", owner.tool())
        .put("started_at", owner.takenAt().toString())
        .put("target_arn", owner.targetArn().isEmpty() ? null : owner.targetArn());
    owner.last().ifPresent(progress -> progress(json, progress));
  }

  private static void progress(ObjectNode json, Progress progress) {
    json.put("updated_at", progress.updatedAt().toString())
        .put("state", progress.state().toLowerCase(Locale.ROOT))
        .put("requested_by", progress.requestedBy().map(Operator::toString).orElse(null))
        .put("acknowledged", progress.acknowledged());
    progress.first().ifPresent(place -> place(json.putObject("first"), place));
    progress.through().ifPresent(place -> place(json.putObject("through"), place));
    ArrayNode shards = json.putArray("target_shards");
    for (TargetRange range : progress.target()) {
      shards
          .addObject()
          .put("shard", range.shard())
          .put("first", range.first())
          .put("last", range.last());
    }
  }

  private static void place(ObjectNode json, Place place) {
    json.put("incarnation", place.incarnation())
        .put("shard", place.shard())
        .put("position", place.position());
  }

  /** Everything. */
  public static ObjectNode of(StoredReplay replay, ReplayPlan plan) {
    try {
      ObjectNode json = of(replay);
      json.set("document", MAPPER.readTree(plan.json()));
      return json;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what we wrote ourselves is JSON", e);
    }
  }

  private static Optional<String> targetArn(StoredReplay replay) {
    return replay.owners().stream()
        .map(Owner::targetArn)
        .filter(arn -> !arn.isEmpty())
        .reduce((a, b) -> b);
  }
}
