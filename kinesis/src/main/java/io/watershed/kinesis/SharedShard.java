package io.watershed.kinesis;

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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One shard of a {@link SharedSource}. Thread-safe; never locked during a request. */
final class SharedShard {
  /** A tip that nobody has looked at for so many calls' time may be far behind by now. */
  private static final int FRESH_INTERVALS = 4;

  /** With two calls a second, half of what a shard gives. */
  private static final long CALL_BYTES_BESIDE_FEEDER = 500_000;

  /** Half of the shortest retention that a stream can have. */
  private static final Duration NEVER_TRIMMED = Duration.ofHours(12);

  private final StreamSource source;
  private final String shardId;
  private final Duration interval;
  private final LongSupplier most;
  private final Scheduler scheduler;

  /** What somebody feeds, who may be behind the tip; and what was read for others. */
  private final ReadWindow fed = new ReadWindow();

  private final ReadWindow own = new ReadWindow();
  private @Nullable SharedPlace tip;
  private long tipNanos;
  private long lastId;
  private boolean calling;
  private boolean tipWasServed;
  private OptionalLong fedNanos = OptionalLong.empty();
  private boolean feederAtTip;
  private long recordBytes = 1;
  private OptionalLong lastCallNanos = OptionalLong.empty();
  private OptionalLong otherWaitsNanos = OptionalLong.empty();

  /**
   * @param interval between two reads of the service
   * @param most bytes of records to keep, asked whenever some are added
   */
  SharedShard(
      StreamSource source,
      String shardId,
      Duration interval,
      LongSupplier most,
      Scheduler scheduler) {
    this.source = source;
    this.shardId = shardId;
    this.interval = interval;
    this.most = most;
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
      return freshTip();
    }
    Optional<SharedPlace> place =
        point instanceof StartingPoint.At at
            ? Optional.of(SharedPlace.at(at.sequenceNumber(), Optional.empty()))
            : point instanceof StartingPoint.After after
                ? Optional.of(
                    SharedPlace.after(after.sequenceNumber(), Instant.EPOCH, Optional.empty()))
                : Optional.empty();
    return place.filter(where -> known(where).isPresent());
  }

  private Optional<ReadWindow.Part> known(SharedPlace place) {
    // The last record stays for ever: old, it must not vouch for what was trimmed after it.
    return fed.from(place)
        .filter(part -> isProven(part.next()))
        .or(() -> own.from(place).filter(part -> isProven(part.next())));
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

  private void tipIs(SharedPlace place) {
    tip = place;
    tipNanos = scheduler.nanoTime();
  }

  CompletableFuture<ReadBatch> read(String iterator, int maxRecords) {
    SharedPlace place = SharedPlace.parse(iterator);
    Optional<Duration> wait = Optional.empty();
    synchronized (this) {
      Optional<ReadWindow.Part> part = known(place);
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
        wait = Optional.of(untilTurn());
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
    boolean free =
        !calling
            && (lastCallNanos.isEmpty() || now - lastCallNanos.getAsLong() >= interval.toNanos());
    boolean otherWaits =
        otherWaitsNanos.isPresent() && now - otherWaitsNanos.getAsLong() <= 2 * interval.toNanos();
    boolean follows = fed.endsAt(place) && isFed(1) && !feederAtTip; // it comes anyway
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

  /** Whether somebody who reads all of it has read here within so many intervals. */
  private boolean isFed(int intervals) {
    return fedNanos.isPresent()
        && scheduler.nanoTime() - fedNanos.getAsLong() <= intervals * interval.toNanos();
  }

  /**
   * Takes what somebody else has read, who reads all of it anyway.
   *
   * @return the place after it
   */
  synchronized SharedPlace fed(SharedPlace place, ReadBatch batch, Instant askedAt) {
    fedNanos = OptionalLong.of(scheduler.nanoTime());
    feederAtTip = batch.atTip();
    SharedPlace next = next(place, batch, askedAt);
    if (batch.endsShard()) {
      tip = null;
      return next;
    }
    if (!batch.records().isEmpty()) {
      measure(batch);
      fed.add(place, batch.records(), next, most.getAsLong() / 2, isProven(place));
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

  private Duration untilTurn() {
    long since = scheduler.nanoTime() - lastCallNanos.orElse(0);
    return Duration.ofNanos(Math.max(interval.toNanos() - since, interval.toNanos() / 8 + 1));
  }

  /** Who feeds needs the shard's bytes: they are left to it. */
  private synchronized int records(int maxRecords) {
    long share = Math.max(1, CALL_BYTES_BESIDE_FEEDER / recordBytes);
    return isFed(FRESH_INTERVALS) ? (int) Math.min(maxRecords, share) : maxRecords;
  }

  private CompletableFuture<ReadBatch> call(SharedPlace place, int maxRecords) {
    Instant askedAt = scheduler.instant();
    long askedNanos = scheduler.nanoTime();
    return source
        .read(shardId, place.real().orElseThrow(), records(maxRecords))
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
      boolean forFed = isFed(FRESH_INTERVALS) && fed.wouldAdd(place, records, proven);
      (forFed ? fed : own).add(place, records, next, most.getAsLong() / 2, proven);
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
