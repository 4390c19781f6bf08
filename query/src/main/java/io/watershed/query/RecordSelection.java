package io.watershed.query;

import io.watershed.core.record.ShardPosition;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which records of a stream's cut a scan delivers. Selects, never orders (PROTOCOL 6.1).
 *
 * @param from only records that arrived at this time or later
 * @param until only records that arrived before this time
 * @param shards ids of the shards whose records are wanted; empty for all
 * @param starts per shard id of the newest incarnation the first position wanted, inclusive. If
 *     there are any, records of these shards and of their descendants are wanted, and no others
 * @param where a SQL predicate over the columns of the view, checked by the gate
 * @param last only the last record per key of what the rest selects
 */
public record RecordSelection(
    Optional<Instant> from,
    Optional<Instant> until,
    Set<String> shards,
    Map<String, ShardPosition> starts,
    Optional<String> where,
    Optional<LastPerKey> last) {
  /** Every record. */
  public static final RecordSelection ALL =
      new RecordSelection(
          Optional.empty(),
          Optional.empty(),
          Set.of(),
          Map.of(),
          Optional.empty(),
          Optional.empty());

  public RecordSelection {
    shards = Collections.unmodifiableSortedSet(new TreeSet<>(shards));
    starts = Collections.unmodifiableSortedMap(new TreeMap<>(starts));
  }

  /** The same within these arrival times: from inclusive, until exclusive. */
  public RecordSelection between(Optional<Instant> newFrom, Optional<Instant> newUntil) {
    return new RecordSelection(newFrom, newUntil, shards, starts, where, last);
  }

  /** The same of these shards only. */
  public RecordSelection ofShards(Set<String> ids) {
    return new RecordSelection(from, until, ids, starts, where, last);
  }

  /** The same from these positions on. */
  public RecordSelection startingAt(Map<String, ShardPosition> positions) {
    return new RecordSelection(from, until, shards, positions, where, last);
  }

  /** The same with a predicate. */
  public RecordSelection where(String predicate) {
    return new RecordSelection(from, until, shards, starts, Optional.of(predicate), last);
  }

  /** The same, but only the last record per key. */
  public RecordSelection lastPer(LastPerKey key) {
    return new RecordSelection(from, until, shards, starts, where, Optional.of(key));
  }

  /** The same with every record of a key. */
  public RecordSelection everyRecord() {
    return new RecordSelection(from, until, shards, starts, where, Optional.empty());
  }
}
