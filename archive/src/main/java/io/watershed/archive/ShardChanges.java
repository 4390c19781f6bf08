package io.watershed.archive;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What a listing of shards changes: new shards, and lost ones (PROTOCOL 1.1, 2.3). Pure. */
final class ShardChanges {
  private ShardChanges() {}

  /**
   * What a listing changes.
   *
   * @param checkpoints new shards at START, and vanished ones at END
   * @param gaps what vanished
   */
  record Change(List<ShardCheckpoint> checkpoints, List<Gap> gaps) {}

  /**
   * What can be said of shards that were not known before a listing.
   *
   * @param first nothing of the stream was ever archived: what it forgot before is no gap
   * @param completeFrom a new shard holds nothing older than this that it could lose unnoticed
   * @param inherit a shard that was there before we looked may be as old as its parents' last tip:
   *     take that instead
   */
  record Contact(boolean first, Instant completeFrom, boolean inherit) {
    /** The first look of all: the archive begins with what the stream holds now. */
    static Contact first(Instant createdAt, Instant trimHorizon) {
      Instant from = createdAt.isAfter(trimHorizon) ? createdAt : trimHorizon;
      return new Contact(true, from, true);
    }

    /** A look at the start of a run, at a stream that is archived already. */
    static Contact again(Instant createdAt) {
      return new Contact(false, createdAt, true);
    }

    /** A look while running: what is new was not there at the last one. */
    static Contact since(Instant lastListing) {
      return new Contact(false, lastListing, false);
    }
  }

  /**
   * Shards that the listing names and the archive does not know.
   *
   * @param known by shard id, of this incarnation
   * @param listed what the service lists
   */
  static Change appeared(
      Map<String, ShardCheckpoint> known, List<Shard> listed, Contact contact, Instant now) {
    Map<String, ShardCheckpoint> all = new LinkedHashMap<>(known);
    Set<String> listedIds = new HashSet<>();
    listed.forEach(shard -> listedIds.add(shard.key().shardId()));
    List<ShardCheckpoint> added = new ArrayList<>();
    List<Gap> gaps = new ArrayList<>();
    for (Shard shard : Lineage.of(listed).shards()) {
      if (known.containsKey(shard.key().shardId())) {
        continue;
      }
      ShardCheckpoint checkpoint = begin(shard, all, contact);
      all.put(shard.key().shardId(), checkpoint);
      added.add(checkpoint);
      boolean orphan =
          shard.parents().stream().anyMatch(id -> !all.containsKey(id) && !listedIds.contains(id));
      if (orphan && !contact.first()) {
        gaps.add(gap(checkpoint, now, "parent-vanished"));
      }
    }
    return new Change(added, gaps);
  }

  /**
   * Known shards that are neither finished nor listed any more: a gap each, and finished with that.
   *
   * @param stillRead shards that a reader still gets answers from; those have not vanished
   */
  static Change vanished(
      Collection<ShardCheckpoint> known,
      List<Shard> listed,
      Predicate<ShardKey> stillRead,
      Instant now) {
    List<ShardKey> keys = listed.stream().map(Shard::key).toList();
    List<ShardCheckpoint> ended = new ArrayList<>();
    List<Gap> gaps = new ArrayList<>();
    for (ShardCheckpoint checkpoint : known) {
      ShardKey key = checkpoint.key();
      if (!checkpoint.after().isEnd() && !keys.contains(key) && !stillRead.test(key)) {
        gaps.add(gap(checkpoint, now, "shard-vanished"));
        ended.add(ended(checkpoint));
      }
    }
    return new Change(ended, gaps);
  }

  /** The checkpoint of a shard of which no more will come. */
  static ShardCheckpoint ended(ShardCheckpoint checkpoint) {
    return new ShardCheckpoint(
        checkpoint.shard(),
        new After.End(checkpoint.after().lastPosition()),
        checkpoint.completeThrough(),
        checkpoint.rows(),
        checkpoint.skipped(),
        checkpoint.digest(),
        checkpoint.lastArrival());
  }

  private static ShardCheckpoint begin(
      Shard shard, Map<String, ShardCheckpoint> all, Contact contact) {
    Optional<Instant> inherited =
        !contact.inherit()
            ? Optional.empty()
            : shard.parents().stream()
                .map(all::get)
                .filter(Objects::nonNull)
                .flatMap(parent -> parent.completeThrough().stream())
                .min(Comparator.naturalOrder());
    ShardCheckpoint start = ShardCheckpoint.start(shard);
    return new ShardCheckpoint(
        shard,
        start.after(),
        Optional.of(inherited.orElse(contact.completeFrom())),
        0,
        0,
        start.digest());
  }

  private static Gap gap(ShardCheckpoint checkpoint, Instant now, String reason) {
    String after = checkpoint.after().lastPosition().map(p -> p.text()).orElse("START");
    return new Gap(
        checkpoint.key(), after, checkpoint.completeThrough(), Optional.empty(), reason, now);
  }
}
