package io.watershed.cut;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What bounds one live read: the time that ends the cut, and what the statement needs. A shard that
 * is needed needs all of its ancestors to their ends, or the cut would be none (PROTOCOL 5.1).
 */
final class CutBounds {
  private final TimeCut time;
  private final LiveNeed need;
  private final Map<ShardKey, ShardCheckpoint> checkpoints;
  private final Lineage lineage;
  private final Set<ShardKey> ancestors = new HashSet<>();

  CutBounds(
      TimeCut time, LiveNeed need, Map<ShardKey, ShardCheckpoint> checkpoints, Lineage lineage) {
    this.time = time;
    this.need = need;
    this.checkpoints = checkpoints;
    this.lineage = lineage;
    for (Shard shard : need.equals(LiveNeed.ALL) ? List.<Shard>of() : lineage.shards()) {
      if (need.needs(shard.key())) {
        ancestors.addAll(lineage.ancestors(shard.key()));
      }
    }
  }

  /** Whether the shard is read, once its parents are. */
  boolean reads(ShardKey shard) {
    boolean needed = ancestors.contains(shard) || (need.needs(shard) && !isArchived(shard));
    return needed && !time.endsBeforeLiveSide(shard);
  }

  /** Whether the archive holds all that is needed of the shard. */
  private boolean isArchived(ShardKey shard) {
    Optional<SequenceNumber> archived =
        after(shard).lastPosition().map(ShardPosition::sequenceNumber);
    return archived.isPresent()
        && last(shard).filter(last -> last.compareTo(archived.get()) <= 0).isPresent();
  }

  /** Where a shard's read may end early; empty if it goes to the tip. */
  Optional<SequenceNumber> last(ShardKey shard) {
    return ancestors.contains(shard) || !need.needs(shard) ? Optional.empty() : need.last(shard);
  }

  /** Shards that were not read because the statement does not need them, not even in part. */
  Map<ShardKey, ReadTo> unread() {
    Map<ShardKey, ReadTo> unread = new TreeMap<>();
    for (Shard shard : lineage.shards()) {
      After after = after(shard.key());
      if (!after.isEnd() && !time.endsBeforeLiveSide(shard.key()) && !reads(shard.key())) {
        unread.put(shard.key(), ReadTo.position(after.lastPosition()));
      }
    }
    return unread;
  }

  private After after(ShardKey shard) {
    ShardCheckpoint checkpoint = checkpoints.get(shard);
    return checkpoint == null ? new After.Start() : checkpoint.after();
  }
}
