package io.watershed.kinesis;

import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.time.Scheduler;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * Reads one shard in order, one batch at a time: renews expired iterators where the last batch
 * ended, backs off on throttles and transient failures with jitter and a bound, keeps to the pace
 * of its settings, and polls less often while nothing arrives. One call of {@link #next()} at a
 * time. It holds one batch at most, so whoever does not ask reads nothing.
 *
 * <p>What comes out are user records: aggregated Kinesis records are taken apart here and nowhere
 * else, never across two batches.
 */
public interface ShardReader {
  /**
   * The next batch. After one without {@code nextIterator} the shard is finished and this must not
   * be called again.
   *
   * <p>Completes with a {@link StreamFailure} when retries are used up or useless. The reader then
   * still knows where it was: asking again goes on there.
   */
  CompletableFuture<ReadBatch> next();

  /**
   * A reader that believes the service about positions: where its own position was trimmed, it
   * fails with {@link StreamFailure.Kind#POSITION_REFUSED} or reads on from what is left. {@link
   * ResumingShardReader} notices instead.
   *
   * @param random for jitter; used by one thread at a time
   */
  static ShardReader open(
      StreamSource source,
      String shardId,
      StartingPoint startingPoint,
      ShardReadSettings settings,
      Scheduler scheduler,
      RandomGenerator random) {
    return new PacedShardReader(source, shardId, startingPoint, true, settings, scheduler, random);
  }
}
