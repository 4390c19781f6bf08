package io.watershed.reservoir.table;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a reader looks for, so that {@link ArchiveTable#files(TableState, FileFilter)} can leave out
 * files that surely hold none of it. A file that stays may still hold none: filter its rows too.
 *
 * @param shards records of these shards; empty for any
 * @param firstSequence inclusive, the lowest sequence number wanted
 * @param lastSequence inclusive, the highest sequence number wanted
 * @param arrivedFrom inclusive, the earliest arrival time wanted
 * @param arrivedBefore exclusive, the end of the arrival times wanted
 */
public record FileFilter(
    Set<ShardKey> shards,
    Optional<SequenceNumber> firstSequence,
    Optional<SequenceNumber> lastSequence,
    Optional<Instant> arrivedFrom,
    Optional<Instant> arrivedBefore) {

  /** Every file. */
  public static final FileFilter ALL =
      new FileFilter(
          Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public FileFilter {
    shards = Set.copyOf(shards);
  }

  /** The files that may hold records that arrived in [from, before). */
  public static FileFilter arrivedBetween(Optional<Instant> from, Optional<Instant> before) {
    return new FileFilter(Set.of(), Optional.empty(), Optional.empty(), from, before);
  }

  /** The same, for these shards only. */
  public FileFilter withShards(Set<ShardKey> only) {
    return new FileFilter(only, firstSequence, lastSequence, arrivedFrom, arrivedBefore);
  }

  /** The same, for sequence numbers in this range only. */
  public FileFilter withSequences(Optional<SequenceNumber> first, Optional<SequenceNumber> last) {
    return new FileFilter(shards, first, last, arrivedFrom, arrivedBefore);
  }
}
