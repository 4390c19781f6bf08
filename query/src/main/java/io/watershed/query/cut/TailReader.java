package io.watershed.query.cut;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.ShardReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Reads one shard from its checkpoint to the tip, to a frozen position, or to its end, whichever
 * comes first. One step per batch; used by one call at a time.
 */
final class TailReader {
  private final ShardKey shard;
  private final Optional<ShardPosition> through;
  private final Instant startedAt;
  private final Predicate<StreamRecord> isCopy;
  private final boolean keepsCopies;
  private final LiveBudget budget;

  private final List<StreamRecord> records = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private Optional<ShardPosition> last = Optional.empty();
  private boolean ended;

  /**
   * @param through inclusive; empty to read to the tip
   * @param startedAt a record that arrived later proves that everything before the statement is
   *     read
   * @param isCopy replayed records that the archive has
   * @param keepsCopies whether those are marked, or left out
   */
  TailReader(
      ShardKey shard,
      Optional<ShardPosition> through,
      Instant startedAt,
      Predicate<StreamRecord> isCopy,
      boolean keepsCopies,
      LiveBudget budget) {
    this.shard = shard;
    this.through = through;
    this.startedAt = startedAt;
    this.isCopy = isCopy;
    this.keepsCopies = keepsCopies;
    this.budget = budget;
  }

  /**
   * Takes what an archiver holds, before anything is read.
   *
   * @return whether that is all there is to read
   */
  boolean beginWith(HotStart start) {
    ended = start.ends();
    return keep(start.records()) || ended;
  }

  /**
   * Reads on until done.
   *
   * @param reader begins where {@link #beginWith} ended
   * @param gapBefore what may be missing before its first record
   */
  CompletableFuture<ShardTail> read(ShardReader reader, Optional<Gap> gapBefore) {
    gapBefore.ifPresent(gaps::add);
    return readOn(reader);
  }

  /** Answers that are there already do not deepen the stack. */
  private CompletableFuture<ShardTail> readOn(ShardReader reader) {
    try {
      while (true) {
        CompletableFuture<ReadBatch> next = reader.next();
        if (!next.isDone()) {
          return next.thenCompose(
              batch -> take(batch) ? CompletableFuture.completedFuture(tail()) : readOn(reader));
        }
        if (next.isCompletedExceptionally()) {
          return next.thenApply(batch -> tail());
        }
        if (take(next.join())) {
          return CompletableFuture.completedFuture(tail());
        }
      }
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private boolean take(ReadBatch batch) {
    batch.gapBefore().ifPresent(gaps::add);
    boolean reached = keep(batch.records());
    ended = batch.endsShard();
    return reached || ended || batch.atTip() || (through.isEmpty() && isNewer(batch.records()));
  }

  /** Keeps what is wanted of the next records; whether the frozen position is reached. */
  private boolean keep(List<StreamRecord> next) {
    List<StreamRecord> wanted = next;
    boolean reached = false;
    if (through.isPresent() && !next.isEmpty()) {
      StreamRecord newest = next.get(next.size() - 1);
      reached = newest.position().compareTo(through.get()) >= 0;
      wanted = next.stream().filter(r -> r.position().compareTo(through.get()) <= 0).toList();
    }
    budget.spend(wanted);
    for (StreamRecord record : wanted) {
      last = Optional.of(record.position());
      if (!isCopy.test(record)) {
        records.add(record);
      } else if (keepsCopies) {
        records.add(record.asCopy());
      }
    }
    return reached;
  }

  /** A busy shard has no tip that stays: stop once everything older than the statement is read. */
  private boolean isNewer(List<StreamRecord> batch) {
    return !batch.isEmpty() && batch.get(batch.size() - 1).arrivalTime().isAfter(startedAt);
  }

  /** What was read so far. */
  ShardTail tail() {
    return new ShardTail(shard, List.copyOf(records), last, ended, List.copyOf(gaps));
  }
}
