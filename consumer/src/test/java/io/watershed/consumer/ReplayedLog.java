package io.watershed.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A log that was written live, the replays of it, and what a consumer must end with. A key's
 * records alternate between two shards, as if those were split and merged all the time.
 */
final class ReplayedLog {
  private static final String STREAM = "orders@1";

  /** What a record does to its key: sets a value, or deletes it if that is null. */
  record Put(String key, String value) {}

  /** What a consumer receives. */
  record Delivery(String key, Put put, Position readAt, byte[] bytes, ReceivedRecord record) {}

  private final List<Put> puts;

  /** What the replays that overwrite say, by fence: the number of records of the log before it. */
  private final TreeMap<Integer, TreeMap<Integer, Put>> overwrites = new TreeMap<>();

  ReplayedLog(List<Put> puts) {
    this.puts = puts;
  }

  static ReplayedLog random(Random random, int size) {
    List<Put> puts = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      puts.add(new Put("k" + random.nextInt(5), random.nextInt(4) == 0 ? null : "v" + i));
    }
    return new ReplayedLog(puts);
  }

  int size() {
    return puts.size();
  }

  /** The live records from one to another, exclusive. */
  List<Delivery> live(int from, int to) {
    List<Delivery> live = new ArrayList<>();
    for (int i = from; i < to; i++) {
      live.add(delivery(puts.get(i), position(i), bytes(puts.get(i))));
    }
    return live;
  }

  /** Plain copies of these records, in this order. */
  List<Delivery> replay(int... indexes) {
    return copies(Optional.empty(), Map.of(), indexes);
  }

  /** Copies that went over another stream: two envelopes, the first origin inside. */
  List<Delivery> replayOfReplay(int... indexes) {
    List<Delivery> copies = new ArrayList<>();
    for (int i : indexes) {
      byte[] once = Envelope.wrap(header(position(i), Optional.empty()), bytes(puts.get(i)));
      Position there = new Position("elsewhere@1", "s", String.valueOf(7_000 - i), 0);
      byte[] twice = Envelope.wrap(header(there, Optional.empty()), once);
      copies.add(delivery(puts.get(i), position(2_000 + i), twice));
    }
    return copies;
  }

  /** The last record of each key among those of a range, in archive order (PROTOCOL 6.4). */
  List<Delivery> compacted(int from, int to) {
    Map<String, Integer> last = new HashMap<>();
    for (int i = from; i < to; i++) {
      last.put(puts.get(i).key(), i);
    }
    return replay(last.values().stream().sorted().mapToInt(Integer::intValue).toArray());
  }

  /** The records of some keys only. */
  List<Delivery> filtered(int from, int to, String keys) {
    int[] all = new int[to - from];
    Arrays.setAll(all, i -> from + i);
    return replay(Arrays.stream(all).filter(i -> keys.contains(puts.get(i).key())).toArray());
  }

  /**
   * Corrected records of a replay that overwrites.
   *
   * @param fence how many records of the log the target held when the run began
   * @param indexes whose correction is sent; duplicates are told once more
   */
  List<Delivery> overwrite(int fence, String correction, int... indexes) {
    Map<Integer, Put> corrected = new HashMap<>();
    for (int i : indexes) {
      Put old = puts.get(i);
      corrected.put(i, new Put(old.key(), old.value() == null ? null : old.value() + correction));
    }
    overwrites.computeIfAbsent(fence, f -> new TreeMap<>()).putAll(corrected);
    return copies(Optional.of(position(fence - 1)), corrected, indexes);
  }

  private List<Delivery> copies(
      Optional<Position> fence, Map<Integer, Put> corrected, int... indexes) {
    List<Delivery> copies = new ArrayList<>();
    for (int i : indexes) {
      Put put = corrected.getOrDefault(i, puts.get(i));
      byte[] wrapped = Envelope.wrap(header(position(i), fence), bytes(put));
      copies.add(delivery(put, position(2_000 + i), wrapped));
    }
    return copies;
  }

  /**
   * What one who saw each record once and in order ends with: the live ones, and at each fence what
   * was overwritten there, in the order of the originals (PROTOCOL 7.3).
   */
  Map<String, String> stateInOrder(int liveUntil) {
    Map<String, String> state = new TreeMap<>();
    for (int i = 0; i <= liveUntil; i++) {
      overwrites.getOrDefault(i, new TreeMap<>()).values().forEach(put -> apply(state, put));
      if (i < liveUntil) {
        apply(state, puts.get(i));
      }
    }
    return state;
  }

  static void apply(Map<String, String> state, Put put) {
    if (put.value() == null) {
      state.remove(put.key());
    } else {
      state.put(put.key(), put.value());
    }
  }

  /** A range in order, some left out, with steps back as resumed runs make them. */
  static int[] withStepsBack(Random random, int from, int to) {
    List<Integer> indexes = new ArrayList<>();
    for (int i = from; i < to && indexes.size() < 500; i++) {
      if (random.nextInt(5) > 0) {
        indexes.add(i);
      }
      if (random.nextInt(10) == 0) {
        i = Math.max(from, i - random.nextInt(5)) - 1;
      }
    }
    return indexes.stream().mapToInt(Integer::intValue).toArray();
  }

  private static Delivery delivery(Put put, Position position, byte[] bytes) {
    return new Delivery(put.key(), put, position, bytes, ReceivedRecord.of(position, bytes));
  }

  private static EnvelopeHeader header(Position origin, Optional<Position> fence) {
    return new EnvelopeHeader("r", origin, Instant.EPOCH, 1, fence, Map.of());
  }

  private static Position position(int index) {
    return new Position(STREAM, "s" + index % 2, String.valueOf(95 + index), 0);
  }

  /** A JSON object; empty for a deletion. */
  static byte[] bytes(Put put) {
    return put.value() == null
        ? new byte[0]
        : ("{\"key\":\"" + put.key() + "\",\"value\":\"" + put.value() + "\"}").getBytes(UTF_8);
  }
}
