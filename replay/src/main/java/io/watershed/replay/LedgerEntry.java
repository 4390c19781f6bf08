package io.watershed.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.RecordScan.ScanPosition;
import io.watershed.reservoir.replays.Operator;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.BitSet;
import java.util.Optional;

/**
 * What the ledger says of a run at one moment.
 *
 * @param epoch the owner that wrote it
 * @param number counts the owner's entries, from 1
 * @param state what the run is doing
 * @param through every selected record up to here, in scan order, is done; empty at the start
 * @param acknowledged records acknowledged up to there
 * @param skipped records left out up to there because they are too large
 * @param superseded records left out up to there because the target holds newer ones
 * @param ahead bit n: the record n + 1 after {@code through} is acknowledged too
 * @param orderViolations seen up to there
 * @param possibleDuplicates records sent again after a request without an answer
 * @param trail where this owner's records came from and where they are
 * @param requestedBy who asked for the state, if somebody did
 */
record LedgerEntry(
    long epoch,
    long number,
    State state,
    Optional<ScanPosition> through,
    long acknowledged,
    long skipped,
    long superseded,
    BitSet ahead,
    long orderViolations,
    long possibleDuplicates,
    Trail trail,
    Optional<Operator> requestedBy) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the run is doing. */
  enum State {
    RUNNING,
    STOPPED,
    FAILED,
    FINISHED,
    PAUSED,
    CANCELLED
  }

  /** Before anything was done. */
  static final LedgerEntry NONE =
      new LedgerEntry(
          0,
          0,
          State.STOPPED,
          Optional.empty(),
          0,
          0,
          0,
          new BitSet(),
          0,
          0,
          Trail.NONE,
          Optional.empty());

  LedgerEntry {
    ahead = (BitSet) ahead.clone();
  }

  /** All records acknowledged. */
  long allAcknowledged() {
    return acknowledged + ahead.cardinality();
  }

  byte[] json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("version", 1).put("epoch", epoch).put("number", number).put("state", state.name());
    through.ifPresent(place -> Places.write(node, place));
    node.put("acknowledged", acknowledged).put("skipped", skipped);
    if (superseded > 0) {
      node.put("superseded", superseded);
    }
    if (!ahead.isEmpty()) {
      node.put("ahead", Base64.getEncoder().encodeToString(ahead.toByteArray()));
    }
    node.put("orderViolations", orderViolations).put("possibleDuplicates", possibleDuplicates);
    trail.write(node);
    requestedBy.ifPresent(by -> node.put("user", by.user()).put("host", by.host()));
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  static LedgerEntry parse(String key, byte[] json) {
    try {
      JsonNode node = JSON.readTree(new String(json, StandardCharsets.UTF_8));
      if (node.required("version").asInt() != 1) {
        throw new IllegalArgumentException("another version");
      }
      return new LedgerEntry(
          node.required("epoch").asLong(),
          node.required("number").asLong(),
          State.valueOf(node.required("state").asText()),
          Places.read(node),
          node.required("acknowledged").asLong(),
          node.required("skipped").asLong(),
          node.path("superseded").asLong(),
          BitSet.valueOf(Base64.getDecoder().decode(node.path("ahead").asText(""))),
          node.required("orderViolations").asLong(),
          node.required("possibleDuplicates").asLong(),
          Trail.read(node),
          node.has("user")
              ? Optional.of(new Operator(node.get("user").asText(), node.path("host").asText()))
              : Optional.empty());
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "The ledger entry " + key + " cannot be read",
          "It was written by a newer version, or damaged; a new plan does not need it.",
          e);
    }
  }
}
