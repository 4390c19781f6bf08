package io.watershed.cut;

import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * An archiver of this process, by whose clock statements can tell what it has read. Thread-safe.
 */
@FunctionalInterface
public interface OwnArchiver {
  /**
   * How far everything is read that had arrived by a time: per open shard with records the last
   * position. Empty until each of them was at its tip after that time, and while nothing of the
   * table is being archived.
   *
   * @param table identity of the archive table
   */
  Optional<Map<ShardKey, ShardPosition>> readThrough(UUID table, Instant arrived);
}
