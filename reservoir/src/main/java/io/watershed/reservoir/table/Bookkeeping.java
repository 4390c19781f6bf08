package io.watershed.reservoir.table;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.Incarnation;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything of ours that an archive table remembers beside its data, whether it is kept in the
 * table's properties or in the lineage object that they name. Immutable.
 *
 * @param generation the fence; moves with every checkpoint change (PROTOCOL 3.2)
 * @param maintenance the fence among those who maintain the table; moves with every change of
 *     theirs
 * @param incarnations oldest first
 * @param checkpoints of every shard ever seen
 * @param gaps oldest first
 * @param dropped what the archive's retention took out
 * @param imports the newest list of imported objects, if any were
 */
record Bookkeeping(
    long generation,
    long maintenance,
    List<Incarnation> incarnations,
    SortedMap<ShardKey, ShardCheckpoint> checkpoints,
    List<Gap> gaps,
    DroppedDays dropped,
    Optional<String> imports) {

  static final Bookkeeping EMPTY = new Bookkeeping(0, List.of(), new TreeMap<>(), List.of());

  /** Of a table that was never maintained. */
  Bookkeeping(
      long generation,
      List<Incarnation> incarnations,
      SortedMap<ShardKey, ShardCheckpoint> checkpoints,
      List<Gap> gaps) {
    this(generation, 0, incarnations, checkpoints, gaps, DroppedDays.NONE);
  }

  /** Of a table that nothing was imported into. */
  Bookkeeping(
      long generation,
      long maintenance,
      List<Incarnation> incarnations,
      SortedMap<ShardKey, ShardCheckpoint> checkpoints,
      List<Gap> gaps,
      DroppedDays dropped) {
    this(generation, maintenance, incarnations, checkpoints, gaps, dropped, Optional.empty());
  }

  Bookkeeping {
    incarnations = List.copyOf(incarnations);
    checkpoints = Collections.unmodifiableSortedMap(new TreeMap<>(checkpoints));
    gaps = List.copyOf(gaps);
  }

  /** The same books with these checkpoints, gaps and dropped records. */
  Bookkeeping with(
      SortedMap<ShardKey, ShardCheckpoint> someCheckpoints,
      List<Gap> someGaps,
      SortedMap<ShardKey, DroppedRecords> someDropped) {
    return new Bookkeeping(
        generation,
        maintenance,
        incarnations,
        someCheckpoints,
        someGaps,
        new DroppedDays(dropped.before(), someDropped),
        imports);
  }

  /** The next generation: what fences archivers and nothing else. */
  Bookkeeping fenced() {
    return new Bookkeeping(
        generation + 1, maintenance, incarnations, checkpoints, gaps, dropped, imports);
  }

  /** The next change by maintenance, which fences other maintenance and no archiver. */
  Bookkeeping maintained(DroppedDays nowDropped) {
    return new Bookkeeping(
        generation, maintenance + 1, incarnations, checkpoints, gaps, nowDropped, imports);
  }

  /** The same books with another list of imported objects. */
  Bookkeeping withImports(Optional<String> newest) {
    return new Bookkeeping(
        generation, maintenance, incarnations, checkpoints, gaps, dropped, newest);
  }
}
