package io.watershed.query.follow;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is delivered of every shard, and which shards there are. One thread. */
final class Progress {
  private final String stream;
  private final Map<ShardKey, ShardPlace> places = new TreeMap<>();
  private Lineage lineage = Lineage.EMPTY;
  private Optional<String> incarnation = Optional.empty();
  private Optional<Instant> since = Optional.empty();
  private final Set<String> only = new HashSet<>();
  private boolean inArchive;
  private @Nullable StreamRecord last;

  Progress(String stream) {
    this.stream = stream;
  }

  /** Takes up what an earlier run has left. */
  void resume(FollowPlace place) {
    incarnation = Optional.of(place.incarnation()).filter(id -> !id.isEmpty());
    since = place.since();
    inArchive = place.inArchive();
    only.addAll(place.only());
    places.putAll(place.shards());
  }

  Optional<String> incarnation() {
    return incarnation;
  }

  void incarnation(String id) {
    incarnation = Optional.of(id);
  }

  Optional<Instant> since() {
    return since;
  }

  void since(Instant time) {
    since = Optional.of(time);
  }

  /** Nothing but this shard, others of which this is said too, and their descendants. */
  void only(String shardId) {
    only.add(shardId);
  }

  /** Whether records of the shard are wanted. */
  boolean wants(ShardKey key) {
    return only.isEmpty() || only.contains(key.shardId());
  }

  boolean inArchive() {
    return inArchive;
  }

  void inArchive(boolean value) {
    inArchive = value;
  }

  Lineage lineage() {
    return lineage;
  }

  /** More shards are known. Ancestors of those that are under way are done. */
  void learn(Collection<Shard> shards) {
    lineage = lineage.plus(shards);
    wantDescendants();
    for (ShardKey key : List.copyOf(places.keySet())) {
      for (ShardKey ancestor : lineage.ancestors(key)) {
        places.computeIfAbsent(ancestor, k -> ShardPlace.START.ended());
      }
    }
  }

  private void wantDescendants() {
    for (String id : List.copyOf(only)) {
      lineage.shards().stream()
          .filter(shard -> shard.key().shardId().equals(id))
          .flatMap(shard -> lineage.descendants(shard.key()).stream())
          .forEach(descendant -> only.add(descendant.shardId()));
    }
  }

  boolean knows(ShardKey key) {
    return places.containsKey(key);
  }

  boolean isEmpty() {
    return places.isEmpty();
  }

  /**
   * Where the shard is; a shard that was never seen before is at its start, and promises what its
   * parents do: it cannot hold anything that is older than their last tip.
   */
  ShardPlace place(ShardKey key) {
    ShardPlace known = places.get(key);
    return known != null ? known : ShardPlace.startAfter(inherited(key));
  }

  private Optional<Instant> inherited(ShardKey key) {
    List<Shard> parents = lineage.shard(key).map(lineage::parents).orElse(List.of());
    return parents.stream()
        .flatMap(parent -> Optional.ofNullable(places.get(parent.key())).stream())
        .flatMap(parent -> parent.completeThrough().stream())
        .min(Comparator.naturalOrder());
  }

  void put(ShardKey key, ShardPlace place) {
    places.put(key, place);
  }

  /** This record is delivered. */
  void delivered(StreamRecord record) {
    Optional<StreamRecord> previous =
        Optional.ofNullable(last).filter(l -> l.shard().equals(record.shard()));
    places.put(record.shard(), place(record.shard()).delivered(record, previous));
    last = record;
  }

  /** Shards that are under way, and that nothing else tells of any more. */
  List<ShardKey> unknown() {
    return places.entrySet().stream()
        .filter(entry -> !entry.getValue().isEnd() && lineage.shard(entry.getKey()).isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Shards of which nothing more will come. */
  Set<ShardKey> finished() {
    Set<ShardKey> finished = new HashSet<>();
    places.forEach(
        (key, place) -> {
          if (place.isEnd()) {
            finished.add(key);
          }
        });
    lineage.shards().stream()
        .map(Shard::key)
        .filter(key -> Incarnation.isImport(key.incarnation()))
        .forEach(finished::add);
    return finished;
  }

  /** What an ordered scan need not deliver again. */
  Map<ShardKey, After> done() {
    Map<ShardKey, After> done = new HashMap<>();
    places.forEach((key, place) -> done.put(key, done(place)));
    return done;
  }

  static After done(ShardPlace place) {
    return place.isEnd()
        ? place.after()
        : place.last().<After>map(After.At::new).orElse(new After.Start());
  }

  /** The place now. Shards whose children are all under way are left out: they are done. */
  FollowPlace snapshot() {
    Map<ShardKey, ShardPlace> kept = new TreeMap<>();
    places.forEach(
        (key, place) -> {
          boolean passed =
              place.isEnd()
                  && lineage.childrenComplete(key)
                  && lineage.children(key).stream().allMatch(c -> places.containsKey(c.key()));
          if (!passed) {
            kept.put(key, place);
          }
        });
    return new FollowPlace(stream, incarnation.orElse(""), inArchive, since, only, kept);
  }
}
