package io.watershed.archive.hot;

import io.watershed.archive.PendingRecords;
import io.watershed.archive.PendingShard;
import io.watershed.core.hottail.HotAnswer;
import io.watershed.core.hottail.HotQuestion;
import io.watershed.core.hottail.HotShard;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Answers statements of the archiver's own process, with its own records instead of copies: what a
 * commit lets go stays in memory as long as a statement has it. Thread-safe.
 */
public final class HotMemory {
  private final String stream;
  private final PendingRecords pending;

  /**
   * Of one archiver.
   *
   * @param stream its name in the reservoir
   */
  public HotMemory(String stream, PendingRecords pending) {
    this.stream = stream;
    this.pending = pending;
  }

  /** What is held now; nothing if the statement could not use it. */
  public HotAnswer answer(HotQuestion question) {
    PendingRecords.Held held = pending.held();
    if (HotOffer.refusal(question, stream, held).isPresent()) {
      return HotAnswer.NONE;
    }
    Map<ShardKey, HotShard> shards = new HashMap<>();
    for (ShardKey key : held.shards()) {
      // One value a shard, looked at once: its bounds and its records belong together.
      held.of(key).flatMap(HotMemory::of).ifPresent(shard -> shards.put(key, shard));
    }
    return new HotAnswer(shards);
  }

  /**
   * How far everything is read that had arrived by a time: per open shard with records the last
   * position. Empty until each of them was at its tip after that time, and while nothing of the
   * table is being archived.
   */
  public Optional<Map<ShardKey, ShardPosition>> readThrough(UUID table, Instant arrived) {
    PendingRecords.Held held = pending.held();
    if (held.what().filter(what -> what.table().equals(table)).isEmpty()) {
      return Optional.empty();
    }
    Map<ShardKey, ShardPosition> through = new HashMap<>();
    for (ShardKey key : held.shards()) {
      Optional<PendingShard> open = held.of(key).filter(shard -> !shard.drained());
      if (open.isPresent()) {
        if (open.get().tipAskedAt().filter(asked -> !asked.isBefore(arrived)).isEmpty()) {
          return Optional.empty();
        }
        open.get().high().ifPresent(high -> through.put(key, high));
      }
    }
    return Optional.of(through);
  }

  private static Optional<HotShard> of(PendingShard shard) {
    return HotOffer.of(shard)
        .map(
            offer ->
                new HotShard(
                    shard.shard(),
                    offer.low(),
                    offer.high(),
                    offer.drained(),
                    shard.records().toList()));
  }
}
