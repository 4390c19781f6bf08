package io.watershed.localkinesis;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A shard as a listing shows it, frozen while the lock is held.
 *
 * @param shard its unchanging part
 * @param endingSequenceNumber present once it is closed
 */
record ListedShard(LocalShard shard, Optional<String> endingSequenceNumber) {
  static ListedShard of(LocalShard shard) {
    return new ListedShard(shard, shard.endingSequenceNumber());
  }

  void write(AnswerWriter out) throws IOException {
    out.text("ShardId", shard.id());
    List<LocalShard> parents = shard.parents();
    if (!parents.isEmpty()) {
      out.text("ParentShardId", parents.get(0).id());
    }
    if (parents.size() > 1) {
      out.text("AdjacentParentShardId", parents.get(1).id());
    }
    ShardOperations.writeHashKeyRange(out, shard);
    out.structure(
        "SequenceNumberRange",
        range -> {
          range.text("StartingSequenceNumber", shard.startingSequenceNumber());
          range.text("EndingSequenceNumber", endingSequenceNumber);
        });
  }
}
