package io.watershed.cut;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.util.List;
import java.util.Optional;

/**
 * What the live side holds of one shard after its checkpoint.
 *
 * @param shard the shard
 * @param records in order; copies of archived records are left out or marked (PROTOCOL 6.7)
 * @param last the last position that was read, left out or not; empty if nothing was read
 * @param ended whether the shard is closed and was read to its end
 * @param pastLast whether the read ended early, at a record that the statement does not need
 * @param gaps what may be missing between the checkpoint and {@code last}
 */
record ShardTail(
    ShardKey shard,
    List<StreamRecord> records,
    Optional<ShardPosition> last,
    boolean ended,
    boolean pastLast,
    List<Gap> gaps) {
  /** Everything is archived. */
  static ShardTail nothing(ShardKey shard) {
    return new ShardTail(shard, List.of(), Optional.empty(), false, false, List.of());
  }
}
