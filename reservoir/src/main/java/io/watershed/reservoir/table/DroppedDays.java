package io.watershed.reservoir.table;

import io.watershed.core.record.ShardKey;
import java.time.LocalDate;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the archive's retention dropped: whole UTC days by arrival time. Immutable.
 *
 * @param before days before this one were dropped; a late record of such a day may have been
 *     archived since. Empty if nothing was ever dropped
 * @param shards per shard that lost records or ranges, in all
 */
public record DroppedDays(Optional<LocalDate> before, SortedMap<ShardKey, DroppedRecords> shards) {
  /** Nothing was dropped. */
  public static final DroppedDays NONE = new DroppedDays(Optional.empty(), new TreeMap<>());

  public DroppedDays {
    shards = Collections.unmodifiableSortedMap(new TreeMap<>(shards));
  }
}
