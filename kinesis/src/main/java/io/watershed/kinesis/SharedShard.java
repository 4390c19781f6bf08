package io.watershed.kinesis;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.StreamFailure.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One shard of a {@link SharedSource}. Thread-safe; never locked during a request. */
final class SharedShard {
  /** A tip that nobody has looked at for so many calls' time may be far behind by now. */
  private static final int FRESH_INTERVALS = 4;

  /** Half of what a shard gives: the other half is the feeder's. */
  private static final double BYTES_PER_SECOND_BESIDE_FEEDER = 1_000_000;

  /** So that who is a little behind what is kept gets there with one call. */
  private static final long CALL_BYTES_BESIDE_FEEDER = 1_000_000;

  /**
   * Who feeds may pause for so long, on all shards, for a commit or lack of memory, and is still
   * waited for. A reader that took its pause for its end would take the bytes that it needs to
   * catch up, and so make the pause longer.
   */
  private static final Duration FEEDER_PAUSE = Duration.ofSeconds(10);

  /** And so long on this shard: others come first while it is far behind. */
  private static final Duration FEEDER_SHARD_PAUSE = Duration.ofSeconds(20);

  /** After the service has refused the feeder, it comes first. */
  private static final Duration FEEDER_TURN = Duration.ofSeconds(2);

  /** Who begins at the tip begins with the feeder instead, if it is no further behind. */
  private static final Duration NEAR_TIP = Duration.ofSeconds(10);

  /** Half of the shortest retention that a stream can have. */
  private static final Duration NEVER_TRIMMED = Duration.ofHours(12);

  private final StreamSource source;
  private final String shardId;
  private final Duration interval;
  private final LongSupplier most;
  private final CallLanes calls;
  private final AtomicLong sourceFedNanos;
  private final Scheduler scheduler;

  /** What somebody feeds, who may be behind the tip; and what was read for others. */
  private final ReadWindow fed = ReadWindow.heldBeside();

  private final ReadWindow own = ReadWindow.alone();
  private @Nullable SharedPlace tip;
  private long tipNanos;
  private long lastId;
  private boolean calling;
  private boolean tipWasServed;
  private OptionalLong fedNanos = OptionalLong.empty();
  private OptionalLong throttledNanos = OptionalLong.empty();
  private boolean feederIsBusy;
  private Optional<SharedPlace> fedEnd = Optional.empty();
  private long lastCallBytes;
  private long recordBytes = 1;
  private OptionalLong lastCallNanos = OptionalLong.empty();
  private OptionalLong otherWaitsNanos = OptionalLong.empty();

  /**
   * @param interval between two reads of the service
   * @param most bytes of records to keep, asked whenever some are added
   * @param calls bounds the reads of all shards that are under way
   * @param sourceFedNanos when somebody has last fed any of the source's shards
   */
  SharedShard(
      StreamSource source,
      String shardId,
      Duration interval,
      LongSupplier most,
      CallLanes calls,
      AtomicLong sourceFedNanos,
      Scheduler scheduler) {
    this.source = source;
    this.shardId = shardId;
    this.interval = interval;
    this.most = most;
    this.calls = calls;
    this.sourceFedNanos = sourceFedNanos;
    this.scheduler = scheduler;
  }

  CompletableFuture<String> iterator(StartingPoint point) {
    Optional<SharedPlace> kept = kept(point);
    if (kept.isPresent()) {
      return CompletableFuture.completedFuture(kept.get().text());
    }
    Instant askedAt = scheduler.instant();
    return source.iterator(shardId, point).thenApply(real -> begun(point, askedAt, real).text());
  }

  private synchronized Optional<SharedPlace> kept(StartingPoint point) {
    if (point instanceof StartingPoint.Latest) {
      return freshTip().or(this::endOfFeeder);
    }
    Optional<SharedPlace> place =
        point instanceof StartingPoint.At at
            ? Optional.of(SharedPlace.at(at.sequenceNumber(), Optional.empty()))
            : point instanceof StartingPoint.After after
                ? Optional.of(
                    SharedPlace.after(after.sequenceNumber(), Instant.EPOCH, Optional.empty()))
                : Optional.empty();
    return place.filter(where -> known(where, 1).isPresent());
  }

  private Optional<ReadWindow.Part> known(SharedPlace place, int maxRecords) {
    // The last record stays for ever: old, it must not vouch for what was trimmed after it.
    return fed.from(place, maxRecords)
        .filter(part -> isProven(part.next()))
        .or(() -> own.from(place, maxRecords).filter(part -> isProven(part.next())));
  }

  private synchronized SharedPlace begun(StartingPoint point, Instant askedAt, String real) {
    if (point instanceof StartingPoint.At at) {
      return SharedPlace.at(at.sequenceNumber(), Optional.of(real));
    }
    if (point instanceof StartingPoint.After after) {
      return SharedPlace.after(after.sequenceNumber(), Instant.EPOCH, Optional.of(real));
    }
    if (point instanceof StartingPoint.Latest) {
      SharedPlace latest = SharedPlace.tip(++lastId, askedAt, Optional.of(real));
      if (freshTip().isEmpty()) {
        tipIs(latest);
      }
      return latest;
    }
    return start(real);
  }

  /** A place that nobody else has. */
  synchronized SharedPlace start(String real) {
    return SharedPlace.start(++lastId, real);
  }

  /** The tip, if somebody has looked at it a moment ago. */
  private Optional<SharedPlace> freshTip() {
    boolean fresh = scheduler.nanoTime() - tipNanos <= FRESH_INTERVALS * interval.toNanos();
    return Optional.ofNullable(tip).filter(place -> fresh);
  }

  /** Where somebody feeds, if that is nearly the tip: who begins there is fed from then on. */
  private Optional<SharedPlace> endOfFeeder() {
    Instant near = scheduler.instant().minus(NEAR_TIP);
    return fedEnd.filter(end -> isFed() && fed.endsAt(end) && end.through().isAfter(near));
  }

  private void tipIs(SharedPlace place) {
    tip = place;
    tipNanos = scheduler.nanoTime();
  }

  CompletableFuture<ReadBatch> read(String iterator, int maxRecords) {
    SharedPlace place = SharedPlace.parse(iterator);
    Optional<Duration> wait = Optional.empty();
    synchronized (this) {
      Optional<ReadWindow.Part> part = known(place, maxRecords);
      if (part.isPresent()) {
        return CompletableFuture.completedFuture(
            batch(part.get().records(), part.get().next(), part.get().next().through()));
      }
      if (place.real().isEmpty()) {
        return CompletableFuture.failedFuture(
            new StreamFailure(
                Kind.ITERATOR_EXPIRED, "the records there are not kept any more", null));
      }
      if (!isTurn(place)) {
        if (place.isUnderWay()) {
          return CompletableFuture.completedFuture(batch(List.of(), place, place.through()));
        }
        wait = Optional.of(pause());
      }
    }
    // Who begins wants an answer of the service: an empty one says nothing of where it begins.
    return wait.isPresent()
        ? scheduler.sleep(wait.get()).thenCompose(waited -> read(iterator, maxRecords))
        : call(place, maxRecords);
  }

  /** What is known already is never at the tip: it says how things stood a while ago. */
  private ReadBatch batch(List<StreamRecord> records, SharedPlace next, Instant through) {
    long behind = Math.max(1, Duration.between(through, scheduler.instant()).toMillis());
    return new ReadBatch(records, Optional.of(next.text()), behind, List.of());
  }

  /** Readers at the tip and others take turns, if both want one. */
  private boolean isTurn(SharedPlace place) {
    long now = scheduler.nanoTime();
    boolean atTip = tip != null && tip.isSameAs(place);
    boolean free = !calling && untilTurn().isZero() && !isFeedersTurn();
    boolean otherWaits =
        otherWaitsNanos.isPresent() && now - otherWaitsNanos.getAsLong() <= 2 * interval.toNanos();
    boolean follows = fed.endsAt(place) && isFed() && feederIsBusy; // it comes anyway
    boolean turn = free && !(atTip && tipWasServed && otherWaits) && !follows;
    if (turn) {
      calling = true;
      lastCallNanos = OptionalLong.of(now);
      tipWasServed = atTip;
    }
    if (!atTip) {
      otherWaitsNanos = turn ? OptionalLong.empty() : OptionalLong.of(now);
    }
    return turn;
  }

  /** Whether somebody who reads all of it reads here. */
  private boolean isFed() {
    long now = scheduler.nanoTime();
    return fedNanos.isPresent()
        && now - fedNanos.getAsLong() <= FEEDER_SHARD_PAUSE.toNanos()
        && now - sourceFedNanos.get() <= FEEDER_PAUSE.toNanos();
  }

  /** The service has refused who feeds, because of what others took. */
  synchronized void feederWasThrottled() {
    throttledNanos = OptionalLong.of(scheduler.nanoTime());
  }

  private boolean isFeedersTurn() {
    return isFed()
        && throttledNanos.isPresent()
        && scheduler.nanoTime() - throttledNanos.getAsLong() <= FEEDER_TURN.toNanos();
  }

  /** Who feeds holds what is later than this, and no more. */
  synchronized void archived(SequenceNumber through) {
    fed.heldAfter(through, bound());
  }

  /** Who fed does so no more. */
  synchronized void unfed() {
    fed.heldByNobody(bound());
    fedNanos = OptionalLong.empty();
    fedEnd = Optional.empty();
  }

  /**
   * Takes what somebody else has read, who reads all of it anyway.
   *
   * @return the place after it
   */
  synchronized SharedPlace fed(SharedPlace place, ReadBatch batch, Instant askedAt) {
    fedNanos = OptionalLong.of(scheduler.nanoTime());
    sourceFedNanos.set(scheduler.nanoTime());
    throttledNanos = OptionalLong.empty();
    feederIsBusy = !batch.atTip() || !batch.records().isEmpty();
    SharedPlace next = next(place, batch, askedAt);
    fedEnd = Optional.of(next);
    if (batch.endsShard()) {
      // It brings no more, and each reader hears of the end from the service, with the children.
      unfed();
      tip = null;
      return next;
    }
    if (!batch.records().isEmpty()) {
      measure(batch);
      fed.add(place, batch.records(), next, bound(), isProven(place));
    }
    if (batch.atTip()) {
      tipIs(next);
    }
    return next;
  }

  /**
   * Whether what follows the place cannot have been trimmed: it arrived after what the service has
   * said to be before the place, and that is far from any retention (24 hours at least). Who reads
   * further behind proves for itself, by its own records, that it misses none.
   */
  private boolean isProven(SharedPlace place) {
    return place.through().isAfter(scheduler.instant().minus(NEVER_TRIMMED));
  }

  /** Of each of the two windows. */
  private long bound() {
    return most.getAsLong() / 2;
  }

  private void measure(ReadBatch batch) {
    recordBytes = Math.max(1, batch.payloadBytes() / batch.records().size());
  }

  private static SharedPlace next(SharedPlace place, ReadBatch batch, Instant askedAt) {
    List<StreamRecord> records = batch.records();
    Instant through = askedAt.minusMillis(batch.millisBehindLatest());
    return records.isEmpty()
        ? place.with(through, batch.nextIterator(), batch.atTip())
        : SharedPlace.after(
            records.get(records.size() - 1).position().sequenceNumber(),
            through,
            batch.nextIterator());
  }

  /** Between two calls, and, beside a feeder, until the bytes of the last one are paid for. */
  private Duration untilTurn() {
    if (lastCallNanos.isEmpty()) {
      return Duration.ZERO;
    }
    long bytesNanos = isFed() ? (long) (lastCallBytes / BYTES_PER_SECOND_BESIDE_FEEDER * 1e9) : 0;
    long since = scheduler.nanoTime() - lastCallNanos.getAsLong();
    return Duration.ofNanos(Math.max(0, Math.max(interval.toNanos(), bytesNanos) - since));
  }

  private Duration pause() {
    return Duration.ofNanos(Math.max(untilTurn().toNanos(), interval.toNanos() / 8 + 1));
  }

  /** Who feeds needs the shard's bytes: they are left to it. */
  private synchronized int records(int maxRecords) {
    long share = Math.max(1, CALL_BYTES_BESIDE_FEEDER / recordBytes);
    return isFed() ? (int) Math.min(maxRecords, share) : maxRecords;
  }

  private CompletableFuture<ReadBatch> call(SharedPlace place, int maxRecords) {
    Instant askedAt = scheduler.instant();
    long askedNanos = scheduler.nanoTime();
    return calls
        .run(() -> source.read(shardId, place.real().orElseThrow(), records(maxRecords)))
        .handle(
            (batch, thrown) -> {
              synchronized (this) {
                calling = false;
                if (thrown != null) {
                  throw new CompletionException(thrown);
                }
                return take(place, batch, askedAt, askedNanos);
              }
            });
  }

  private ReadBatch take(SharedPlace place, ReadBatch batch, Instant askedAt, long askedNanos) {
    lastCallBytes = batch.payloadBytes();
    if (batch.endsShard()) {
      // Each reader hears of the end from the service, with the children.
      tip = null;
      return batch;
    }
    List<StreamRecord> records = batch.records();
    SharedPlace next = next(place, batch, askedAt);
    if (!records.isEmpty()) {
      measure(batch);
      boolean proven = isProven(place);
      ReadWindow window = isFed() && fed.wouldAdd(place, records, proven) ? fed : own;
      window.add(place, records, next, bound(), proven);
    }
    boolean wasTip = tip != null && tip.isSameAs(place);
    if (batch.atTip() && mayJoinTip(place, records, askedNanos)) {
      next = freshTip().orElseThrow();
    } else if (batch.atTip()) {
      tipIs(next);
    } else if (wasTip) {
      tip = next;
    }
    return new ReadBatch(
        records,
        Optional.of(next.text()),
        batch.millisBehindLatest(),
        batch.childShards(),
        batch.gapBefore());
  }

  /**
   * Whether a reader that has seen nothing yet may go on at the tip of the others: it has reached
   * the tip after they had, so it misses nothing there.
   */
  private boolean mayJoinTip(SharedPlace place, List<StreamRecord> records, long askedNanos) {
    return records.isEmpty()
        && place.isBeginning()
        && freshTip().filter(known -> !known.isSameAs(place)).isPresent()
        && tipNanos <= askedNanos;
  }
}
