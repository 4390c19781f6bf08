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

/**
 * Lists the replays of a reservoir: one listing, the plan, and two small objects for each process
 * that had one of its runs.
 */
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
    return below(ReplayKeys.ROOT);
  }

  /**
   * The plan with this whole hash.
   *
   * @throws WatershedException {@code integrity} if one of its objects cannot be read
   */
  public Optional<StoredReplay> find(String hash) {
    return below(ReplayKeys.ROOT + hash + "/").stream().findFirst();
  }

  private List<StoredReplay> below(String prefix) {
    Map<String, Objects> found = new TreeMap<>();
    for (ObjectInfo info : store.list(prefix)) {
      String name = info.key().substring(ReplayKeys.ROOT.length());
      int slash = name.indexOf('/');
      if (slash >= 0) {
        String hash = name.substring(0, slash);
        found.computeIfAbsent(hash, Objects::new).add(info);
      }
    }
    List<StoredReplay> replays = new ArrayList<>();
    for (Objects objects : found.values()) {
      objects.plan.ifPresent(plan -> replays.add(replay(objects, plan)));
    }
    return List.copyOf(replays);
  }

  /** What a listing has of one plan. */
  private static final class Objects {
    private final String hash;
    private Optional<ObjectInfo> plan = Optional.empty();
    private final List<ObjectInfo> owners = new ArrayList<>();
    private final Map<Long, ObjectInfo> entries = new TreeMap<>();

    private Objects(String hash) {
      this.hash = hash;
    }

    private void add(ObjectInfo info) {
      if (info.key().equals(ReplayKeys.plan(hash))) {
        plan = Optional.of(info);
      } else if (info.key().startsWith(ReplayKeys.owners(hash))) {
        owners.add(info);
      } else if (info.key().startsWith(ReplayKeys.progress(hash))) {
        entries.put(epoch(info), info); // in key order: the last one of each epoch stays
      }
    }
  }

  private static long epoch(ObjectInfo info) {
    try {
      return ReplayKeys.epoch(info.key());
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw unreadable(info.key(), e);
    }
  }

  private StoredReplay replay(Objects objects, ObjectInfo info) {
    JsonNode plan = read(info.key()).orElseThrow(() -> unreadable(info.key(), null));
    try {
      return new StoredReplay(
          objects.hash,
          info.lastModified(),
          plan.required("stream").asText(),
          plan.required("receipt").asText(),
          text(plan, "from").map(Instant::parse),
          text(plan, "until").map(Instant::parse),
          text(plan, "where"),
          plan.required("target").asText(),
          plan.required("records").asLong(),
          plan.required("oversize").asLong(),
          plan.path("skipSuperseded").asBoolean(),
          plan.required("payloadBytes").asLong(),
          objects.owners.stream().map(owner -> owner(objects, owner)).toList());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw unreadable(info.key(), e);
    }
  }

  private StoredReplay.Owner owner(Objects objects, ObjectInfo info) {
    JsonNode owner = read(info.key()).orElseThrow(() -> unreadable(info.key(), null));
    long epoch = epoch(info);
    return new StoredReplay.Owner(
        epoch,
        owner.path("run").asLong(1),
        operator(owner),
        owner.path("tool").asText(),
        owner.path("action").asText("RUN"),
        owner.path("target").asText(),
        info.lastModified(),
        Optional.ofNullable(objects.entries.get(epoch))
            .flatMap(entry -> progress(objects.hash, epoch, entry)));
  }

  private static Operator operator(JsonNode node) {
    return new Operator(node.path("user").asText(), node.path("host").asText());
  }

  /** A run that goes on removes old entries: then there are newer ones. */
  private Optional<StoredReplay.Progress> progress(String hash, long epoch, ObjectInfo listed) {
    ObjectInfo info = listed;
    Optional<JsonNode> entry = read(info.key());
    for (int i = 0; entry.isEmpty() && i < MAX_LOOKS; i++) {
      for (ObjectInfo newer : store.list(ReplayKeys.progress(hash, epoch))) {
        info = newer;
      }
      entry = read(info.key());
    }
    ObjectInfo found = info;
    return entry.map(json -> progress(found, json));
  }

  private static StoredReplay.Progress progress(ObjectInfo info, JsonNode entry) {
    try {
      return new StoredReplay.Progress(
          entry.required("state").asText(),
          info.lastModified(),
          entry.required("epoch").asLong(),
          entry.required("acknowledged").asLong() + ahead(entry),
          entry.required("skipped").asLong(),
          entry.path("superseded").asLong(),
          entry.required("possibleDuplicates").asLong(),
          entry.required("orderViolations").asLong(),
          entry.has("user") ? Optional.of(operator(entry)) : Optional.empty(),
          place(entry.path("first")),
          place(entry),
          target(entry));
    } catch (IllegalArgumentException e) {
      throw unreadable(info.key(), e);
    }
  }

  /** Records acknowledged beyond a point: per shard, or one for all in entries of version 1. */
  private static long ahead(JsonNode entry) {
    long ahead = 0;
    for (String bits : entry.findValuesAsText("ahead")) {
      ahead += BitSet.valueOf(Base64.getDecoder().decode(bits)).cardinality();
    }
    return ahead;
  }

  private static Optional<StoredReplay.Place> place(JsonNode node) {
    return text(node, "position")
        .map(
            position ->
                new StoredReplay.Place(
                    node.required("incarnation").asText(),
                    node.required("shard").asText(),
                    position));
  }

  private static List<StoredReplay.TargetRange> target(JsonNode entry) {
    List<StoredReplay.TargetRange> ranges = new ArrayList<>();
    for (JsonNode shard : entry.path("target")) {
      ranges.add(
          new StoredReplay.TargetRange(
              shard.required("shard").asText(),
              shard.required("first").asText(),
              shard.required("last").asText()));
    }
    return ranges;
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
