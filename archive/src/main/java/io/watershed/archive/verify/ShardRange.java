package io.watershed.archive.verify;

import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardPosition;
import java.util.List;
import java.util.Optional;

/**
 * What one commit holds of one shard, over all of its files.
 *
 * @param from exclusive; empty for START
 * @param through inclusive
 * @param rows records archived
 * @param skipped replayed records counted instead
 * @param digest sum over the records archived
 * @param files keys of the files that carry it
 */
record ShardRange(
    Optional<ShardPosition> from,
    ShardPosition through,
    long rows,
    long skipped,
    RecordDigest digest,
    List<String> files) {
  ShardRange {
    files = List.copyOf(files);
  }

  /** Whether the position is in (from, through]. */
  boolean holds(ShardPosition position) {
    return from.map(start -> position.compareTo(start) > 0).orElse(true)
        && position.compareTo(through) <= 0;
  }

  String text() {
    return "(" + from.map(ShardPosition::text).orElse("START") + ", " + through.text() + "]";
  }
}
