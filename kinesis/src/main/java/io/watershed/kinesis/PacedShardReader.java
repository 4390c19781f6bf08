package io.watershed.kinesis;

import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.StreamFailure.Kind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * One shard over a {@link StreamSource}. The state is touched by one call at a time, and calls are
 * ordered by the future that the previous one completed.
 */
final class PacedShardReader implements ShardReader {
  private final StreamSource source;
  private final String shardId;
  private final StartingPoint startingPoint;
  private final boolean renewExpired;
  private final ShardReadSettings settings;
  private final Scheduler scheduler;
  private final Retries retries;
  private final ReadPace pace;
  private final AtomicBoolean busy = new AtomicBoolean();

  private Optional<String> iterator = Optional.empty();
  private Optional<SequenceNumber> lastRead = Optional.empty();
  private Optional<StartingPoint> renewLatestFrom = Optional.empty();
  private boolean renewed;
  private boolean finished;

  /**
   * @param renewExpired whether to renew an expired iterator after the last record read; else the
   *     reader fails with ITERATOR_EXPIRED
   */
  PacedShardReader(
      StreamSource source,
      String shardId,
      StartingPoint startingPoint,
      boolean renewExpired,
      ShardReadSettings settings,
      Scheduler scheduler,
      RandomGenerator random) {
    this.source = source;
    this.shardId = shardId;
    this.startingPoint = startingPoint;
    this.renewExpired = renewExpired;
    this.settings = settings;
    this.scheduler = scheduler;
    this.retries = new Retries(settings.retry(), scheduler, random);
    this.pace = new ReadPace(settings);
  }

  @Override
  public CompletableFuture<ReadBatch> next() {
    if (finished) {
      throw new IllegalStateException("shard " + shardId + " is read to its end");
    }
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException("shard " + shardId + " is being read already");
    }
    return retries.call(this::attempt).whenComplete((batch, thrown) -> busy.set(false));
  }

  private CompletableFuture<ReadBatch> attempt() {
    return withIterator()
        .thenCompose(
            current ->
                scheduler
                    .sleep(pace.delay(scheduler.nanoTime()))
                    .thenCompose(waited -> read(current)))
        .thenApply(this::accept);
  }

  private CompletableFuture<String> withIterator() {
    if (iterator.isPresent()) {
      return CompletableFuture.completedFuture(iterator.get());
    }
    if (startingPoint instanceof StartingPoint.Latest && renewLatestFrom.isEmpty()) {
      // Asking for LATEST again would skip what arrives in between: ask by time, a little back.
      renewLatestFrom =
          Optional.of(
              new StartingPoint.AtTimestamp(scheduler.instant().minus(settings.clockSlack())));
      return startAt(startingPoint);
    }
    return startAt(
        lastRead
            .<StartingPoint>map(StartingPoint.After::new)
            .or(() -> renewLatestFrom)
            .orElse(startingPoint));
  }

  private CompletableFuture<String> startAt(StartingPoint point) {
    return source
        .iterator(shardId, point)
        .thenApply(
            fresh -> {
              iterator = Optional.of(fresh);
              return fresh;
            });
  }

  private CompletableFuture<ReadBatch> read(String current) {
    pace.reading(scheduler.nanoTime());
    return source
        .read(shardId, current, settings.maxRecordsPerRead())
        .exceptionallyCompose(thrown -> CompletableFuture.failedFuture(noteFailure(thrown)));
  }

  private StreamFailure noteFailure(Throwable thrown) {
    StreamFailure failure = StreamFailure.of(thrown);
    if (failure.kind() == Kind.THROTTLED) {
      pace.throttled(scheduler.nanoTime());
    }
    if (failure.kind() == Kind.ITERATOR_EXPIRED) {
      iterator = Optional.empty();
      renewed = true;
      if (!renewExpired) {
        return new StreamFailure(Kind.POSITION_REFUSED, "the iterator has expired", failure);
      }
    }
    return failure;
  }

  private ReadBatch accept(ReadBatch batch) {
    iterator = batch.nextIterator();
    finished = batch.endsShard();
    List<StreamRecord> records = batch.records();
    if (renewed && lastRead.isPresent()) {
      SequenceNumber last = lastRead.get();
      records =
          records.stream().filter(r -> r.position().sequenceNumber().compareTo(last) > 0).toList();
    }
    renewed = false;
    if (!records.isEmpty()) {
      lastRead = Optional.of(records.get(records.size() - 1).position().sequenceNumber());
    }
    pace.answered(batch);
    return batch.withRecords(Unpacking.unpack(records, source.documents()));
  }
}
