package io.watershed.reservoir.table;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.Incarnation;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything of ours that an archive table remembers beside its data, whether it is kept in the
 * table's properties or in the lineage object that they name. Immutable.
 *
 * @param generation the fence; moves with every checkpoint change (PROTOCOL 3.2)
 * @param incarnations oldest first
 * @param checkpoints of every shard ever seen
 * @param gaps oldest first
 */
record Bookkeeping(
    long generation,
    List<Incarnation> incarnations,
    SortedMap<ShardKey, ShardCheckpoint> checkpoints,
    List<Gap> gaps) {

  static final Bookkeeping EMPTY = new Bookkeeping(0, List.of(), new TreeMap<>(), List.of());

  Bookkeeping {
    incarnations = List.copyOf(incarnations);
    checkpoints = Collections.unmodifiableSortedMap(new TreeMap<>(checkpoints));
    gaps = List.copyOf(gaps);
  }
}
