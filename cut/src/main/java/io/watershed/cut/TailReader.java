package io.watershed.cut;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.ShardReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Reads one shard from its checkpoint to the tip, to a frozen position, to a time, or to its end,
 * whichever comes first. One step per batch; used by one call at a time.
 */
final class TailReader {
  /** Reads before the tip can be empty; after so many the rest is guessed without any record. */
  private static final int MOST_EMPTY_BATCHES = 4;

  private final ShardKey shard;
  private final Optional<ShardPosition> through;
  private final Optional<Instant> until;
  private final Optional<SequenceNumber> stopAfter;
  private final Instant startedAt;
  private final Predicate<StreamRecord> isCopy;
  private final boolean keepsCopies;
  private final LiveBudget budget;

  private final List<StreamRecord> records = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private Optional<ShardPosition> last = Optional.empty();
  private boolean ended;
  private boolean pastTime;
  private boolean pastLast;
  private Optional<ShardReader> reader = Optional.empty();
  private int batches;
  private long millisBehind;

  /**
   * @param through inclusive; empty to read to the tip
   * @param until stop before the first record that arrived later
   * @param stopAfter stop before the first record with a higher sequence number
   * @param startedAt a record that arrived later proves that everything before the statement is
   *     read
   * @param isCopy replayed records that the archive has
   * @param keepsCopies whether those are marked, or left out
   */
  TailReader(
      ShardKey shard,
      Optional<ShardPosition> through,
      Optional<Instant> until,
      Optional<SequenceNumber> stopAfter,
      Instant startedAt,
      Predicate<StreamRecord> isCopy,
      boolean keepsCopies,
      LiveBudget budget) {
    this.shard = shard;
    this.through = through;
    this.until = until;
    this.stopAfter = stopAfter;
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
    boolean reached = keep(start.records());
    ended = start.ends() && !pastTime && !pastLast;
    return reached || ended;
  }

  /**
   * Sets what is read after {@link #beginWith}.
   *
   * @param next begins where that ended
   * @param gapBefore what may be missing before its first record
   */
  TailReader on(ShardReader next, Optional<Gap> gapBefore) {
    gapBefore.ifPresent(gaps::add);
    reader = Optional.of(next);
    return this;
  }

  /** Reads until the first records are there, or it is clear that there are few. */
  CompletableFuture<TailReader> first() {
    return readUntil(() -> batches > 0 && (!records.isEmpty() || batches >= MOST_EMPTY_BATCHES))
        .thenApply(done -> this);
  }

  /** Reads on until done. */
  CompletableFuture<ShardTail> rest() {
    return readUntil(() -> false).thenApply(done -> tail());
  }

  /** Answers that are there already do not deepen the stack. */
  private CompletableFuture<Void> readUntil(BooleanSupplier enough) {
    try {
      while (reader.isPresent() && !enough.getAsBoolean()) {
        CompletableFuture<ReadBatch> next = reader.get().next();
        if (!next.isDone()) {
          return next.thenCompose(
              batch -> {
                take(batch);
                return readUntil(enough);
              });
        }
        if (next.isCompletedExceptionally()) {
          return next.thenApply(batch -> null);
        }
        take(next.join());
      }
      return CompletableFuture.completedFuture(null);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** What the records so far tell of the rest. */
  Outlook outlook() {
    long bytes = records.stream().mapToLong(record -> record.payload().length).sum();
    Duration span =
        records.isEmpty()
            ? Duration.ZERO
            : Duration.between(
                records.get(0).arrivalTime(), records.get(records.size() - 1).arrivalTime());
    return new Outlook(
        records.size(),
        bytes,
        span,
        reader.isEmpty() || stopAfter.isPresent() ? Duration.ZERO : behind());
  }

  private Duration behind() {
    Duration toTip = Duration.ofMillis(millisBehind);
    if (until.isEmpty() || records.isEmpty()) {
      return toTip;
    }
    Duration toTime = Duration.between(records.get(records.size() - 1).arrivalTime(), until.get());
    return toTime.isNegative() ? Duration.ZERO : toTime.compareTo(toTip) < 0 ? toTime : toTip;
  }

  private void take(ReadBatch batch) {
    batches++;
    millisBehind = batch.millisBehindLatest();
    batch.gapBefore().ifPresent(gaps::add);
    boolean reached = keep(batch.records());
    ended = batch.endsShard() && !pastTime && !pastLast;
    boolean newer = through.isEmpty() && isNewer(batch.records());
    if (reached || ended || batch.atTip() || newer) {
      reader = Optional.empty();
    }
  }

  /** Keeps what is wanted of the next records; whether the position or the time is reached. */
  private boolean keep(List<StreamRecord> next) {
    List<StreamRecord> wanted = next;
    boolean reached = false;
    if (through.isPresent() && !next.isEmpty()) {
      StreamRecord newest = next.get(next.size() - 1);
      reached = newest.position().compareTo(through.get()) >= 0;
      wanted = next.stream().filter(r -> r.position().compareTo(through.get()) <= 0).toList();
    }
    int higher = firstHigher(wanted);
    if (higher >= 0) {
      wanted = wanted.subList(0, higher);
    }
    int later = firstLater(wanted);
    if (later >= 0) {
      wanted = wanted.subList(0, later);
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
    pastTime = later >= 0;
    pastLast = higher >= 0 && !pastTime;
    return reached || pastTime || pastLast;
  }

  /** Index of the first record that is not needed, negative if there is none. */
  private int firstHigher(List<StreamRecord> batch) {
    if (stopAfter.isPresent()) {
      for (int i = 0; i < batch.size(); i++) {
        if (batch.get(i).position().sequenceNumber().compareTo(stopAfter.get()) > 0) {
          return i;
        }
      }
    }
    return -1;
  }

  /**
   * Index of the first record that ends the cut, negative if there is none. One that the archive
   * will leave out ends nothing there, so it ends nothing here.
   */
  private int firstLater(List<StreamRecord> batch) {
    if (until.isPresent()) {
      for (int i = 0; i < batch.size(); i++) {
        StreamRecord record = batch.get(i);
        boolean archivable = keepsCopies || !isCopy.test(record);
        if (record.arrivalTime().isAfter(until.get()) && archivable) {
          return i;
        }
      }
    }
    return -1;
  }

  /** A busy shard has no tip that stays: stop once everything older than the statement is read. */
  private boolean isNewer(List<StreamRecord> batch) {
    return !batch.isEmpty() && batch.get(batch.size() - 1).arrivalTime().isAfter(startedAt);
  }

  private ShardTail tail() {
    return new ShardTail(shard, List.copyOf(records), last, ended, pastLast, List.copyOf(gaps));
  }
}
