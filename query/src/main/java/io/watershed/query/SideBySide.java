package io.watershed.query;

import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.query.ScanStep.Part;
import io.watershed.query.ScanWindows.Window;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes steps in which shards that do not descend from each other come together, a window or a few
 * of each. A shard's windows come after all of its ancestors' (PROTOCOL 6.1), a stream's life after
 * the one before, and imported shards one after the other, as they were imported.
 */
final class SideBySide {
  /** So many shards are read together at most: windows are made for that many in one step. */
  static final int MAX_SHARDS = 32;

  private final Lineage lineage;
  private final Map<ShardKey, Deque<Window>> left = new HashMap<>();

  private SideBySide(Lineage lineage, List<ShardKey> shards, ScanWindows windows) {
    this.lineage = lineage;
    shards.forEach(shard -> left.put(shard, new ArrayDeque<>(windows.of(shard))));
  }

  /**
   * All archived windows.
   *
   * @param lineage of the cut
   * @param shards those that are wanted
   * @param windows of a {@value #MAX_SHARDS}th of the usual size
   */
  static List<ScanStep> steps(Lineage lineage, List<ShardKey> shards, ScanWindows windows) {
    SideBySide sides = new SideBySide(lineage, shards, windows);
    List<ScanStep> steps = new ArrayList<>();
    List<ShardKey> readable = sides.readable();
    while (!readable.isEmpty()) {
      steps.add(new ScanStep(steps.size(), sides.take(readable)));
      readable = sides.readable();
    }
    return steps;
  }

  /** Shards that have windows, and whose ancestors have none any more. */
  private List<ShardKey> readable() {
    List<ShardKey> found = new ArrayList<>();
    Set<ShardKey> passed = new HashSet<>();
    for (Shard shard : lineage.shards()) {
      ShardKey key = shard.key();
      if (!found.isEmpty() && !isBeside(found.get(0), key)) {
        break;
      }
      boolean parentsPassed =
          lineage.parents(shard).stream().allMatch(parent -> passed.contains(parent.key()));
      if (parentsPassed && !hasWindows(key)) {
        passed.add(key);
      } else if (parentsPassed && found.size() < MAX_SHARDS) {
        found.add(key);
      }
    }
    return found;
  }

  /** Of one life of a stream; imports have an order among themselves. */
  private static boolean isBeside(ShardKey one, ShardKey other) {
    return one.incarnation().equals(other.incarnation())
        && !Incarnation.isImport(one.incarnation());
  }

  private boolean hasWindows(ShardKey shard) {
    return !windows(shard).isEmpty();
  }

  private Deque<Window> windows(ShardKey shard) {
    return left.getOrDefault(shard, new ArrayDeque<>());
  }

  /** A window of each in turn, until it is enough for a step. */
  private List<Part> take(List<ShardKey> shards) {
    Map<ShardKey, Window> taken = new LinkedHashMap<>();
    long records = 0;
    long bytes = 0;
    boolean any = true;
    while (any && records < ScanWindows.WINDOW_RECORDS && bytes < ScanWindows.WINDOW_FILE_BYTES) {
      any = false;
      for (ShardKey shard : shards) {
        Window window = windows(shard).poll();
        if (window != null) {
          taken.merge(shard, window, Window::with);
          records += window.records();
          bytes += window.bytes();
          any = true;
        }
      }
    }
    List<Part> parts = new ArrayList<>();
    taken.forEach((shard, window) -> parts.add(new Part(shard, Optional.of(window))));
    return parts;
  }
}
