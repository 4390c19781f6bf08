package io.watershed.reservoir.replays;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Lists the replays of a reservoir: one listing, and at most two objects a replay. */
public final class StoredReplays {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_LOOKS = 5;

  private final ObjectStore store;

  /** Reads from this store; nothing is read yet. */
  public StoredReplays(ObjectStore store) {
    this.store = store;
  }

  /**
   * Every plan, by its hash.
   *
   * @throws WatershedException {@code integrity} if an object of the ledger cannot be read
   */
  public List<StoredReplay> list() {
    Map<String, ObjectInfo> plans = new TreeMap<>();
    Map<String, ObjectInfo> newest = new TreeMap<>();
    for (ObjectInfo info : store.list(ReplayKeys.ROOT)) {
      String name = info.key().substring(ReplayKeys.ROOT.length());
      int slash = name.indexOf('/');
      String hash = slash < 0 ? "" : name.substring(0, slash);
      if (info.key().equals(ReplayKeys.plan(hash))) {
        plans.put(hash, info);
      } else if (info.key().startsWith(ReplayKeys.progress(hash))) {
        newest.put(hash, info); // in key order: the last one stays
      }
    }
    List<StoredReplay> replays = new ArrayList<>();
    plans.forEach(
        (hash, plan) -> replays.add(replay(hash, plan, Optional.ofNullable(newest.get(hash)))));
    return List.copyOf(replays);
  }

  private StoredReplay replay(String hash, ObjectInfo info, Optional<ObjectInfo> newest) {
    JsonNode plan = read(info.key()).orElseThrow(() -> unreadable(info.key(), null));
    try {
      return new StoredReplay(
          hash,
          info.lastModified(),
          plan.required("stream").asText(),
          plan.required("receipt").asText(),
          text(plan, "from").map(Instant::parse),
          text(plan, "until").map(Instant::parse),
          text(plan, "where"),
          plan.required("target").asText(),
          plan.required("records").asLong(),
          plan.required("oversize").asLong(),
          plan.required("payloadBytes").asLong(),
          newest.flatMap(entry -> progress(hash, entry)));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw unreadable(info.key(), e);
    }
  }

  /** A run that goes on removes old entries: then there are newer ones. */
  private Optional<StoredReplay.Progress> progress(String hash, ObjectInfo listed) {
    ObjectInfo info = listed;
    Optional<JsonNode> entry = read(info.key());
    for (int i = 0; entry.isEmpty() && i < MAX_LOOKS; i++) {
      for (ObjectInfo newer : store.list(ReplayKeys.progress(hash))) {
        info = newer;
      }
      entry = read(info.key());
    }
    ObjectInfo found = info;
    return entry.map(json -> progress(found, json));
  }

  private static StoredReplay.Progress progress(ObjectInfo info, JsonNode entry) {
    try {
      byte[] ahead = Base64.getDecoder().decode(entry.path("ahead").asText(""));
      return new StoredReplay.Progress(
          entry.required("state").asText(),
          info.lastModified(),
          entry.required("epoch").asLong(),
          entry.required("acknowledged").asLong() + BitSet.valueOf(ahead).cardinality(),
          entry.required("skipped").asLong(),
          entry.required("possibleDuplicates").asLong(),
          entry.required("orderViolations").asLong());
    } catch (IllegalArgumentException e) {
      throw unreadable(info.key(), e);
    }
  }

  private Optional<JsonNode> read(String key) {
    Optional<byte[]> json = store.get(key, ReplayKeys.MAX_OBJECT_BYTES);
    try {
      return json.isEmpty()
          ? Optional.empty()
          : Optional.of(JSON.readTree(new String(json.get(), StandardCharsets.UTF_8)));
    } catch (JsonProcessingException e) {
      throw unreadable(key, e);
    }
  }

  private static Optional<String> text(JsonNode node, String name) {
    return node.has(name) ? Optional.of(node.get(name).asText()) : Optional.empty();
  }

  private static WatershedException unreadable(String key, @Nullable Exception cause) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "The ledger object " + key + " cannot be read",
        "It was written by a newer version, or damaged; the other tables do not need it.",
        cause);
  }
}
