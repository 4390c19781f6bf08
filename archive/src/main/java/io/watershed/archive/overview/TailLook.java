package io.watershed.archive.overview;

import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.StreamRecord;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One small read behind a checkpoint: two requests, no retries. It shares the shard's 5 reads a
 * second with everybody else, so it is small, and a throttled one is no error.
 */
final class TailLook {
  /** Records of one read; more than that is shown as "more". */
  static final int MAX_RECORDS = 1_000;

  private final StreamSource source;
  private final Duration retention;

  /**
   * @param retention how long the stream keeps records
   */
  TailLook(StreamSource source, Duration retention) {
    this.source = source;
    this.retention = retention;
  }

  /** Never fails: what went wrong is in the answer. */
  CompletableFuture<Waiting> at(ShardCheckpoint checkpoint, Instant now) {
    String shard = checkpoint.key().shardId();
    Optional<SequenceNumber> last =
        checkpoint.after().lastPosition().map(position -> position.sequenceNumber());
    StartingPoint start =
        last.<StartingPoint>map(StartingPoint.After::new).orElseGet(StartingPoint.TrimHorizon::new);
    return source
        .iterator(shard, start)
        .thenCompose(iterator -> source.read(shard, iterator, MAX_RECORDS))
        .thenApply(batch -> waiting(batch, last, now))
        .exceptionally(
            thrown -> Waiting.unreadable(String.valueOf(StreamFailure.of(thrown).getMessage())));
  }

  private Waiting waiting(ReadBatch batch, Optional<SequenceNumber> last, Instant now) {
    // A trimmed checkpoint may be answered with the head of the shard.
    List<StreamRecord> newer =
        batch.records().stream()
            .filter(r -> last.isEmpty() || r.position().sequenceNumber().compareTo(last.get()) > 0)
            .toList();
    // An empty answer before the tip tells nothing about what follows, but how old it is.
    Optional<Instant> oldest =
        newer.stream()
            .map(StreamRecord::arrivalTime)
            .min(Instant::compareTo)
            .or(
                () ->
                    batch.atTip()
                        ? Optional.empty()
                        : Optional.of(now.minusMillis(batch.millisBehindLatest())));
    Optional<Duration> lag =
        oldest.map(time -> time.isAfter(now) ? Duration.ZERO : Duration.between(time, now));
    return new Waiting(
        newer.size(), !batch.atTip(), lag, lag.map(retention::minus), Optional.empty());
  }
}
