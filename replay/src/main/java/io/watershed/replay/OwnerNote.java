package io.watershed.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.replays.Operator;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * What whoever takes an epoch leaves there.
 *
 * @param owner text that no other process has
 * @param by who
 * @param tool version of the program
 * @param run which run of the plan, from 1
 * @param firstEpoch the first epoch of that run
 * @param action what the epoch was taken for, if not to send records
 * @param targetArn the target; empty if no records are to be sent
 */
record OwnerNote(
    String owner,
    Operator by,
    String tool,
    long run,
    long firstEpoch,
    Optional<Control.Action> action,
    String targetArn) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static OwnerNote of(
      long run, long firstEpoch, Optional<Control.Action> action, String targetArn) {
    String version = OwnerNote.class.getPackage().getImplementationVersion();
    return new OwnerNote(
        UUID.randomUUID().toString(),
        Operator.ofThisProcess(),
        version == null ? "development" : version,
        run,
        firstEpoch,
        action,
        targetArn);
  }

  byte[] json() {
    return JSON.createObjectNode()
        .put("version", 1)
        .put("owner", owner)
        .put("user", by.user())
        .put("host", by.host())
        .put("tool", tool)
        .put("run", run)
        .put("firstEpoch", firstEpoch)
        .put("action", action.map(Enum::name).orElse("RUN"))
        .put("target", targetArn)
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  static OwnerNote parse(String key, byte[] json) {
    try {
      JsonNode node = JSON.readTree(new String(json, StandardCharsets.UTF_8));
      String action = node.path("action").asText("RUN");
      return new OwnerNote(
          node.required("owner").asText(),
          new Operator(node.path("user").asText(), node.path("host").asText()),
          node.path("tool").asText(),
          node.path("run").asLong(1),
          node.path("firstEpoch").asLong(1),
          action.equals("RUN") ? Optional.empty() : Optional.of(Control.Action.valueOf(action)),
          node.path("target").asText());
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "The ledger object " + key + " cannot be read",
          "It was written by a newer version, or damaged; a new plan does not need it.",
          e);
    }
  }
}
