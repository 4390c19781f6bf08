package io.watershed.reservoir.replays;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which records one run of a plan left out as superseded: in objects of a line of JSON a record,
 * named after the number of those before them. A list is written before the entry that counts it;
 * if its writer died in between, the one who took the run over writes another that begins with the
 * same number, and the newer owner's counts.
 */
public final class SupersededRecords {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TARGET_BYTES = 512 << 10;

  private final ObjectStore store;
  private final String hash;
  private final long firstEpoch;

  /**
   * @param hash the plan's
   * @param firstEpoch the run's
   */
  public SupersededRecords(ObjectStore store, String hash, long firstEpoch) {
    this.store = store;
    this.hash = hash;
    this.firstEpoch = firstEpoch;
  }

  /** Where the lists are in the reservoir: a prefix of keys. */
  public String prefix() {
    return ReplayKeys.superseded(hash, firstEpoch);
  }

  /**
   * Writes down what was left out.
   *
   * @param epoch the owner that left it out
   * @param number of the owner's entry that counts it
   * @param from how many were left out before
   * @throws WatershedException {@code store}
   */
  public void write(long epoch, long number, long from, List<SupersededRecord> records) {
    StringBuilder lines = new StringBuilder();
    long first = from;
    long next = from;
    for (SupersededRecord record : records) {
      lines.append(line(record)).append('\n');
      next++;
      if (lines.length() >= TARGET_BYTES) {
        create(first, epoch, number, lines);
        first = next;
      }
    }
    if (!lines.isEmpty()) {
      create(first, epoch, number, lines);
    }
  }

  private void create(long from, long epoch, long number, StringBuilder lines) {
    String key = ReplayKeys.superseded(hash, firstEpoch, from, epoch, number);
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    lines.setLength(0);
    if (store.createIfAbsent(key, bytes) != CreateOutcome.CREATED) {
      throw new WatershedException(
          ErrorCode.STORE,
          "The ledger object " + key + " could not be written for certain",
          "Check the reservoir, then run the plan again: it goes on where the ledger says.");
    }
  }

  /**
   * Reads what was left out, one object at a time.
   *
   * @param count how many the ledger says
   * @throws WatershedException {@code integrity}, also while it is read, if a list is missing or
   *     cannot be read
   */
  public Iterator<SupersededRecord> read(long count) {
    Map<Long, String> lists = new TreeMap<>();
    if (count > 0) {
      for (ObjectInfo info : store.list(prefix())) {
        lists.put(ReplayKeys.supersededFrom(info.key()), info.key()); // the last one is the newest
      }
    }
    return new Iterator<>() {
      private Iterator<SupersededRecord> list = Collections.emptyIterator();
      private long read;

      @Override
      public boolean hasNext() {
        return read < count;
      }

      @Override
      public SupersededRecord next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        if (!list.hasNext()) {
          list = parse(lists.getOrDefault(read, ""));
        }
        read++;
        return list.next();
      }
    };
  }

  private Iterator<SupersededRecord> parse(String key) {
    byte[] bytes =
        Optional.of(key)
            .filter(known -> !known.isEmpty())
            .flatMap(known -> store.get(known, ReplayKeys.MAX_OBJECT_BYTES))
            .orElseThrow(() -> unreadable(key));
    List<SupersededRecord> records = new ArrayList<>();
    try {
      for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
        JsonNode node = JSON.readTree(line);
        records.add(
            new SupersededRecord(
                new StoredReplay.Place(
                    node.required("incarnation").asText(),
                    node.required("shard").asText(),
                    node.required("position").asText()),
                node.required("newer").asText()));
      }
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw unreadable(key);
    }
    return records.iterator();
  }

  private static String line(SupersededRecord record) {
    return JSON.createObjectNode()
        .put("incarnation", record.place().incarnation())
        .put("shard", record.place().shard())
        .put("position", record.place().position())
        .put("newer", record.newer())
        .toString();
  }

  private WatershedException unreadable(String key) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "A list of superseded records of replay "
            + hash
            + (key.isEmpty() ? " is missing below " + prefix() : ", " + key + ", cannot be read"),
        "It was taken away or damaged since it was written; the run itself does not need it.");
  }
}
