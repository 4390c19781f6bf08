package io.watershed.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.replays.Operator;
import java.nio.charset.StandardCharsets;

/**
 * What the owner of a run is asked to do.
 *
 * @param action what
 * @param by who asks
 */
record Control(Action action, Operator by) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The later one is the stronger one. */
  enum Action {
    PAUSE(LedgerEntry.State.PAUSED),
    CANCEL(LedgerEntry.State.CANCELLED);

    private final LedgerEntry.State state;

    Action(LedgerEntry.State state) {
      this.state = state;
    }

    /** The state of a run that did it. */
    LedgerEntry.State state() {
      return state;
    }
  }

  byte[] json() {
    return JSON.createObjectNode()
        .put("version", 1)
        .put("action", action.name())
        .put("user", by.user())
        .put("host", by.host())
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  static Control parse(String key, byte[] json) {
    try {
      JsonNode node = JSON.readTree(new String(json, StandardCharsets.UTF_8));
      return new Control(
          Action.valueOf(node.required("action").asText()),
          new Operator(node.path("user").asText(), node.path("host").asText()));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "The ledger object " + key + " cannot be read",
          "It was written by a newer version, or damaged. Delete it, and ask the run again.",
          e);
    }
  }
}
