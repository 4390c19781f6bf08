package io.watershed.core.stream;

import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.Shard.HashRange;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The family tree of shards: a split has one parent and two children, a merge two parents and one
 * child. Records of one partition key are ordered along a lineage only (PROTOCOL 1.2), so children
 * are read after all of their parents. Shards of several incarnations may be in one tree; they are
 * never related. Immutable.
 */
public final class Lineage {
  /** No shards. */
  public static final Lineage EMPTY = new Lineage(new TreeMap<>());

  private final Map<ShardKey, Shard> shards;
  private final Map<ShardKey, List<Shard>> children;

  private Lineage(NavigableMap<ShardKey, Shard> byKey) {
    children = new TreeMap<>();
    for (Shard shard : byKey.values()) {
      for (ShardKey parent : parentKeys(shard)) {
        children.computeIfAbsent(parent, k -> new ArrayList<>()).add(shard);
      }
    }
    shards = parentsFirst(byKey);
  }

  /**
   * The tree of these shards. Of two with one key the later one is kept.
   *
   * @throws IllegalArgumentException if a shard is its own ancestor
   */
  public static Lineage of(Collection<Shard> shards) {
    return EMPTY.plus(shards);
  }

  /** This tree and these shards too: what ListShards says now adds to what is remembered. */
  public Lineage plus(Collection<Shard> more) {
    TreeMap<ShardKey, Shard> all = new TreeMap<>(shards);
    more.forEach(shard -> all.put(shard.key(), shard));
    return new Lineage(all);
  }

  /** Every shard, parents before children, otherwise by key. */
  public List<Shard> shards() {
    return List.copyOf(shards.values());
  }

  /** The shard, if the tree has it. */
  public Optional<Shard> shard(ShardKey key) {
    return Optional.ofNullable(shards.get(key));
  }

  /** The shard's parents that the tree has. */
  public List<Shard> parents(Shard shard) {
    return parentKeys(shard).stream().flatMap(key -> shard(key).stream()).toList();
  }

  /** The shard's parents that the tree does not have: trimmed from the listing, or never seen. */
  public List<ShardKey> unknownParents(Shard shard) {
    return parentKeys(shard).stream().filter(key -> !shards.containsKey(key)).toList();
  }

  /** The shard's children that the tree has, by key. */
  public List<Shard> children(ShardKey key) {
    return List.copyOf(children.getOrDefault(key, List.of()));
  }

  /**
   * Whether the known children own all of the shard's hash range, so that none is missing (PROTOCOL
   * 2.4: END is stored only when all children are known).
   */
  public boolean childrenComplete(ShardKey key) {
    Shard shard = shards.get(key);
    return shard != null && covers(children(key), shard.hashRange());
  }

  /**
   * The shards that may be read now: not finished, and no known parent is unfinished. A parent that
   * the tree does not have cannot be waited for: whether that is a gap is for the caller to say.
   */
  public List<Shard> readable(Set<ShardKey> finished) {
    return shards.values().stream()
        .filter(shard -> !finished.contains(shard.key()))
        .filter(shard -> parents(shard).stream().allMatch(p -> finished.contains(p.key())))
        .toList();
  }

  /** Parents, their parents and so on, as far as the tree has them. */
  public Set<ShardKey> ancestors(ShardKey key) {
    Set<ShardKey> found = new LinkedHashSet<>();
    List<ShardKey> open = new ArrayList<>(List.of(key));
    while (!open.isEmpty()) {
      Shard shard = shards.get(open.remove(open.size() - 1));
      if (shard != null) {
        parents(shard).stream().map(Shard::key).filter(found::add).forEach(open::add);
      }
    }
    return Collections.unmodifiableSet(found);
  }

  /** Children, their children and so on. */
  public Set<ShardKey> descendants(ShardKey key) {
    Set<ShardKey> found = new LinkedHashSet<>();
    List<ShardKey> open = new ArrayList<>(List.of(key));
    while (!open.isEmpty()) {
      children(open.remove(open.size() - 1)).stream()
          .map(Shard::key)
          .filter(found::add)
          .forEach(open::add);
    }
    return Collections.unmodifiableSet(found);
  }

  private static List<ShardKey> parentKeys(Shard shard) {
    return shard.parents().stream().map(id -> new ShardKey(shard.key().incarnation(), id)).toList();
  }

  private static boolean covers(List<Shard> owners, HashRange range) {
    BigInteger next = range.first();
    List<HashRange> ranges =
        owners.stream()
            .map(Shard::hashRange)
            .sorted(Comparator.comparing(HashRange::first))
            .toList();
    for (HashRange owned : ranges) {
      if (owned.first().compareTo(next) > 0) {
        return false;
      }
      next = next.max(owned.last().add(BigInteger.ONE));
    }
    return next.compareTo(range.last()) > 0;
  }

  /** Kahn's order with the smallest key first, so that it is stable. */
  private static Map<ShardKey, Shard> parentsFirst(NavigableMap<ShardKey, Shard> byKey) {
    Map<ShardKey, Shard> ordered = new LinkedHashMap<>();
    TreeMap<ShardKey, Integer> waitingFor = new TreeMap<>();
    Map<ShardKey, List<ShardKey>> waiters = new TreeMap<>();
    TreeMap<ShardKey, Shard> ready = new TreeMap<>();
    for (Shard shard : byKey.values()) {
      List<ShardKey> known =
          parentKeys(shard).stream().filter(byKey::containsKey).distinct().toList();
      known.forEach(p -> waiters.computeIfAbsent(p, k -> new ArrayList<>()).add(shard.key()));
      if (known.isEmpty()) {
        ready.put(shard.key(), shard);
      } else {
        waitingFor.put(shard.key(), known.size());
      }
    }
    while (!ready.isEmpty()) {
      Map.Entry<ShardKey, Shard> next = ready.pollFirstEntry();
      ordered.put(next.getKey(), next.getValue());
      for (ShardKey waiter : waiters.getOrDefault(next.getKey(), List.of())) {
        if (waitingFor.merge(waiter, -1, Integer::sum) == 0) {
          ready.put(waiter, byKey.get(waiter));
        }
      }
    }
    if (ordered.size() != byKey.size()) {
      throw new IllegalArgumentException("a shard is its own ancestor");
    }
    return ordered;
  }
}
