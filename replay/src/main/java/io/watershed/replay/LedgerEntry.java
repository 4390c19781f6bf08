package io.watershed.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.checkpoint.After;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.query.RecordScan.ScanPosition;
import io.watershed.reservoir.replays.Operator;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the ledger says of a run at one moment.
 *
 * @param epoch the owner that wrote it
 * @param number counts the owner's entries, from 1
 * @param state what the run is doing
 * @param through every record that was taken up to this one is done; empty at the start
 * @param shards how far each shard of the source has come
 * @param acknowledged records acknowledged up to the shards' points
 * @param skipped records left out up to there because they are too large
 * @param superseded records left out up to there because the target holds newer ones
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
    Map<ShardKey, ShardPoint> shards,
    long acknowledged,
    long skipped,
    long superseded,
    long orderViolations,
    long possibleDuplicates,
    Trail trail,
    Optional<Operator> requestedBy) {
  /** Entries of version 1 had one point for all shards, which came one after the other. */
  private static final int VERSION = 2;

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
          Map.of(),
          0,
          0,
          0,
          0,
          0,
          Trail.NONE,
          Optional.empty());

  LedgerEntry {
    shards = Map.copyOf(shards);
  }

  /** All records acknowledged. */
  long allAcknowledged() {
    return acknowledged + ahead(shards);
  }

  /** Records acknowledged ahead of the points of their shards. */
  static long ahead(Map<ShardKey, ShardPoint> shards) {
    return shards.values().stream().mapToLong(point -> point.ahead().cardinality()).sum();
  }

  /** What a scan need not deliver any more. */
  Map<ShardKey, After> done() {
    Map<ShardKey, After> done = new HashMap<>();
    shards.forEach((shard, point) -> done.put(shard, point.after()));
    return done;
  }

  /**
   * An entry of earlier versions, whose runs went shard by shard, as an entry of this one: of all
   * shards before the point everything is done. What was ahead of the point is sent again.
   *
   * @param order the shards of the scan
   */
  LedgerEntry over(List<ShardKey> order) {
    if (through.isEmpty() || !shards.isEmpty()) {
      return this;
    }
    ScanPosition place = through.get();
    Map<ShardKey, ShardPoint> points = new HashMap<>();
    for (ShardKey shard : order.subList(0, order.indexOf(place.shard()))) {
      points.put(shard, ShardPoint.END);
    }
    points.put(place.shard(), new ShardPoint(new After.At(place.position()), new BitSet()));
    return new LedgerEntry(
        epoch,
        number,
        state,
        through,
        points,
        acknowledged,
        skipped,
        superseded,
        orderViolations,
        possibleDuplicates,
        trail,
        requestedBy);
  }

  byte[] json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("version", VERSION)
        .put("epoch", epoch)
        .put("number", number)
        .put("state", state.name());
    through.ifPresent(place -> Places.write(node, place));
    node.put("acknowledged", acknowledged).put("skipped", skipped);
    if (superseded > 0) {
      node.put("superseded", superseded);
    }
    ShardPoint.write(node, shards);
    node.put("orderViolations", orderViolations).put("possibleDuplicates", possibleDuplicates);
    trail.write(node);
    requestedBy.ifPresent(by -> node.put("user", by.user()).put("host", by.host()));
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  static LedgerEntry parse(String key, byte[] json) {
    try {
      JsonNode node = JSON.readTree(new String(json, StandardCharsets.UTF_8));
      int version = node.required("version").asInt();
      if (version < 1 || version > VERSION) {
        throw new IllegalArgumentException("another version");
      }
      return new LedgerEntry(
          node.required("epoch").asLong(),
          node.required("number").asLong(),
          State.valueOf(node.required("state").asText()),
          Places.read(node),
          ShardPoint.read(node),
          node.required("acknowledged").asLong(),
          node.required("skipped").asLong(),
          node.path("superseded").asLong(),
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
