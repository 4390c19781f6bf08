package io.watershed.kinesis;

import io.watershed.core.config.TrafficSettings;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.StreamFailure.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Watches a shard for a while: an iterator at LATEST, a wait, one GetRecords. What is read and not
 * the writer's own is others'. Records are counted as Kinesis counts them: an aggregated one is
 * one. Shares the stream's limits with its consumers, so it gives up where they leave nothing.
 */
public final class SampledTraffic implements TargetTraffic {
  private static final int MAX_RECORDS = 10_000;
  private static final int MAX_READS = 3;
  private static final Duration BETWEEN_READS = Duration.ofMillis(400);

  private final StreamSource source;
  private final TrafficSettings settings;
  private final Scheduler scheduler;

  /** Reads this stream; the source stays the caller's. */
  public SampledTraffic(StreamSource source, TrafficSettings settings, Scheduler scheduler) {
    this.source = source;
    this.settings = settings;
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<Optional<Rate>> others(String shardId, OwnWrites own) {
    return source
        .iterator(shardId, new StartingPoint.Latest())
        .thenCompose(
            iterator -> {
              Sample sample = new Sample(shardId, own, scheduler.nanoTime());
              return scheduler
                  .sleep(settings.sampleWindow())
                  .thenCompose(waited -> sample.read(iterator, MAX_READS));
            })
        .exceptionallyCompose(SampledTraffic::unlessForEver);
  }

  /** Only what no later sample could do better is a failure. */
  private static CompletableFuture<Optional<Rate>> unlessForEver(Throwable thrown) {
    StreamFailure failure = StreamFailure.of(thrown);
    return failure.kind() == Kind.PERMANENT
        ? CompletableFuture.failedFuture(failure)
        : CompletableFuture.completedFuture(Optional.empty());
  }

  private final class Sample {
    private final String shardId;
    private final OwnWrites own;
    private final long startNanos;
    private final List<StreamRecord> records = new ArrayList<>();

    Sample(String shardId, OwnWrites own, long startNanos) {
      this.shardId = shardId;
      this.own = own;
      this.startNanos = startNanos;
    }

    CompletableFuture<Optional<Rate>> read(String iterator, int readsLeft) {
      return source
          .read(shardId, iterator, MAX_RECORDS)
          .thenCompose(
              batch -> {
                records.addAll(batch.records());
                if (batch.atTip()) {
                  long took = scheduler.nanoTime() - startNanos;
                  return scheduler
                      .sleep(settings.settleTime())
                      .thenApply(settled -> Optional.of(rate(took / 1e9)));
                }
                if (readsLeft <= 1 || batch.endsShard()) {
                  return CompletableFuture.completedFuture(Optional.empty());
                }
                String next = batch.nextIterator().orElseThrow();
                return scheduler
                    .sleep(BETWEEN_READS)
                    .thenCompose(waited -> read(next, readsLeft - 1));
              });
    }

    private Rate rate(double seconds) {
      long count = 0;
      long bytes = 0;
      for (StreamRecord record : records) {
        if (!own.contains(record.position().sequenceNumber())) {
          count++;
          bytes += record.payload().length;
          bytes += record.partitionKey().getBytes(StandardCharsets.UTF_8).length;
        }
      }
      return new Rate(count / seconds, bytes / seconds);
    }
  }
}
