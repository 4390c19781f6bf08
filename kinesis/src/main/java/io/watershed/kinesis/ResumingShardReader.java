package io.watershed.kinesis;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.StreamFailure.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * Reads a shard from a checkpoint on, and notices what was trimmed before it was read (PROTOCOL
 * 2.3). Records at or before the checkpoint never come out. The proof is repeated when an iterator
 * has expired and when the reader falls behind almost as far as the retention, because its last
 * position may have been trimmed by then.
 *
 * <p>A trimmed position answers with an error, with the head of the stream, or with empty reads for
 * ever: all three end at TRIM_HORIZON after a bounded number of reads.
 */
public final class ResumingShardReader implements ShardReader {
  private final StreamSource source;
  private final ShardKey shard;
  private final Duration retention;
  private final ShardReadSettings settings;
  private final Scheduler scheduler;
  private final RandomGenerator random;

  private After after;
  private Optional<Instant> readThrough;
  private Optional<Instant> lastArrival;
  private Optional<Gap> gap = Optional.empty();
  private Optional<ReadBatch> pending = Optional.empty();
  private boolean proven;
  private boolean onlyProof;
  private ShardReader reader;

  private ResumingShardReader(
      StreamSource source,
      ShardKey shard,
      After after,
      Optional<Instant> completeThrough,
      Optional<Instant> lastArrival,
      Duration retention,
      ShardReadSettings settings,
      Scheduler scheduler,
      RandomGenerator random) {
    this.source = source;
    this.shard = shard;
    this.after = after;
    this.readThrough = completeThrough;
    this.lastArrival = lastArrival;
    this.retention = retention;
    this.settings = settings;
    this.scheduler = scheduler;
    this.random = random;
    this.reader = readerAt(new StartingPoint.TrimHorizon());
  }

  /**
   * Finds the checkpoint in the shard, and decides whether anything is missing. Reads until then,
   * and keeps what it read for the first {@link #next()}.
   *
   * @param shard the shard; its incarnation must be the one that the source reads
   * @param after the checkpoint; not END
   * @param completeThrough everything that arrived up to here is archived. With {@link After.Start}
   *     empty means that nothing was ever promised, so nothing can be missing; with a position it
   *     means that the tip was never reached, so a trimmed checkpoint is always a gap
   * @param lastArrival when the checkpoint's record had arrived; if empty, a shard that was idle
   *     for longer than the retention is reported as a possible gap too
   * @param retention the stream's retention
   * @param scheduler also the clock that retention is judged by, so it must agree with the
   *     service's within {@link ShardReadSettings#clockSlack()}
   * @param random for jitter; used by one thread at a time
   * @return completes with a {@link StreamFailure} when the shard cannot be read
   */
  public static CompletableFuture<ResumingShardReader> open(
      StreamSource source,
      ShardKey shard,
      After after,
      Optional<Instant> completeThrough,
      Optional<Instant> lastArrival,
      Duration retention,
      ShardReadSettings settings,
      Scheduler scheduler,
      RandomGenerator random) {
    ResumingShardReader reader =
        new ResumingShardReader(
            source,
            shard,
            after,
            completeThrough,
            lastArrival,
            retention,
            settings,
            scheduler,
            random);
    return reader
        .resume()
        .thenApply(
            first -> {
              reader.pending = Optional.of(first.withGapBefore(Optional.empty()));
              reader.gap = first.gapBefore();
              reader.onlyProof = isOnlyProof(first);
              return reader;
            });
  }

  /**
   * What may be missing between the checkpoint and the first record of the first batch. Gaps that
   * appear later, while reading, are in {@link ReadBatch#gapBefore()}; this one is not repeated
   * there.
   */
  public Optional<Gap> gap() {
    return gap;
  }

  @Override
  public CompletableFuture<ReadBatch> next() {
    if (pending.isPresent()) {
      ReadBatch first = pending.get();
      pending = Optional.empty();
      return CompletableFuture.completedFuture(first);
    }
    Instant request = scheduler.instant();
    if (!proven || maybeTrimmed(request)) {
      return onlyProof ? readAheadAndProve(request) : resume().thenApply(this::noteProof);
    }
    ShardReader ahead = reader;
    return ahead
        .next()
        .thenCompose(
            batch ->
                // The answer may be late: the horizon may have passed while it was waited for.
                maybeTrimmed(scheduler.instant())
                    ? prove(ahead, Optional.of(batch), request)
                    : CompletableFuture.completedFuture(accept(batch, Optional.empty(), request)))
        .exceptionallyCompose(
            thrown -> {
              StreamFailure failure = StreamFailure.of(thrown);
              return failure.kind() == Kind.POSITION_REFUSED
                  ? resume()
                  : CompletableFuture.failedFuture(failure);
            });
  }

  /**
   * Where the horizon is near, each batch needs a proof, and a proof alone can be all that an
   * answer holds: then this reads on first, and proves afterwards that nothing was trimmed
   * meanwhile.
   */
  private CompletableFuture<ReadBatch> readAheadAndProve(Instant request) {
    ShardReader ahead = reader;
    return ahead
        .next()
        .handle((batch, thrown) -> Optional.ofNullable(batch))
        .thenCompose(read -> prove(ahead, read, request));
  }

  /**
   * Looks for the last position after something was read behind it: if it is still there, nothing
   * between the two was trimmed.
   *
   * @param read what the reader gave; if it cannot be used, only the proof is
   */
  private CompletableFuture<ReadBatch> prove(
      ShardReader ahead, Optional<ReadBatch> read, Instant request) {
    return resume()
        .thenApply(
            proof -> {
              if (read.isEmpty() || !isOnlyProof(proof)) {
                return noteProof(proof);
              }
              reader = ahead;
              onlyProof = false;
              return accept(read.get(), Optional.empty(), request);
            });
  }

  private ReadBatch noteProof(ReadBatch batch) {
    onlyProof = isOnlyProof(batch);
    return batch;
  }

  private static boolean isOnlyProof(ReadBatch batch) {
    return batch.records().isEmpty()
        && batch.gapBefore().isEmpty()
        && !batch.atTip()
        && !batch.endsShard();
  }

  /** Whether the trim horizon may have overtaken what is read so far. */
  private boolean maybeTrimmed(Instant now) {
    Instant horizon = now.minus(retention).plus(settings.clockSlack());
    return readThrough.filter(through -> through.isBefore(horizon)).isPresent();
  }

  /** Looks for the last position again; the batch carries the gap, if there is one. */
  private CompletableFuture<ReadBatch> resume() {
    proven = false;
    GapCheck check =
        new GapCheck(
            shard,
            after,
            readThrough,
            lastArrival,
            retention,
            settings.clockSlack(),
            settings.maxEmptyReads());
    return restart(check, settings.maxEmptyReads());
  }

  /** Reads from where the check says. */
  private CompletableFuture<ReadBatch> restart(GapCheck check, int restartsLeft) {
    reader = readerAt(check.startingPoint());
    return resumeStep(check, restartsLeft);
  }

  private CompletableFuture<ReadBatch> resumeStep(GapCheck check, int restartsLeft) {
    Instant request = scheduler.instant();
    return reader
        .next()
        .thenApply(batch -> new Answer(Optional.of(batch), Optional.empty()))
        .exceptionally(
            thrown -> new Answer(Optional.empty(), Optional.of(StreamFailure.of(thrown))))
        .thenCompose(
            answer ->
                answer.failure().isPresent()
                    ? resumeAfter(check, restartsLeft, answer.failure().get())
                    : resumeWith(check, restartsLeft, answer.batch().orElseThrow(), request));
  }

  private CompletableFuture<ReadBatch> resumeWith(
      GapCheck check, int restartsLeft, ReadBatch batch, Instant request) {
    return switch (check.observe(batch, scheduler.instant())) {
      case READ_ON -> resumeStep(check, restartsLeft);
      case RESTART_AT_HORIZON -> restart(check, restartsLeft);
      case DECIDED -> {
        proven = true;
        yield CompletableFuture.completedFuture(accept(batch, check.gap(), request));
      }
    };
  }

  private CompletableFuture<ReadBatch> resumeAfter(
      GapCheck check, int restartsLeft, StreamFailure failure) {
    boolean expired =
        failure.getCause() instanceof StreamFailure cause && cause.kind() == Kind.ITERATOR_EXPIRED;
    if (failure.kind() != Kind.POSITION_REFUSED || restartsLeft == 0) {
      return CompletableFuture.failedFuture(failure);
    }
    if (!expired && !check.refused()) {
      return CompletableFuture.failedFuture(failure);
    }
    return restart(check, restartsLeft - 1);
  }

  private ReadBatch accept(ReadBatch batch, Optional<Gap> gapBefore, Instant request) {
    List<StreamRecord> records = batch.records();
    if (!records.isEmpty() && after.covers(records.get(0).position())) {
      After checkpoint = after;
      records = records.stream().filter(r -> !checkpoint.covers(r.position())).toList();
    }
    if (!records.isEmpty()) {
      StreamRecord last = records.get(records.size() - 1);
      after = new After.At(last.position());
      lastArrival = Optional.of(last.arrivalTime());
    }
    boolean promised = readThrough.isPresent() || after.lastPosition().isPresent();
    if (promised || batch.atTip()) {
      Instant through = request.minusMillis(batch.millisBehindLatest());
      readThrough = readThrough.filter(through::isBefore).or(() -> Optional.of(through));
    }
    return batch.withRecords(records).withGapBefore(gapBefore);
  }

  private ShardReader readerAt(StartingPoint point) {
    return new PacedShardReader(source, shard.shardId(), point, false, settings, scheduler, random);
  }

  /** What a read came to, so that failures of later reads are not taken for its own. */
  private record Answer(Optional<ReadBatch> batch, Optional<StreamFailure> failure) {}
}
