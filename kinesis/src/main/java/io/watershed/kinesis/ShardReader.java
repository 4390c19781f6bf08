package io.watershed.kinesis;

import java.util.concurrent.CompletableFuture;

/**
 * Reads one shard in order, one batch at a time: renews expired iterators where the last batch
 * ended, backs off on throttles and transient failures with jitter and a bound. One call of {@link
 * #next()} at a time.
 */
public interface ShardReader {
  /**
   * The next batch. After one without {@code nextIterator} the shard is finished and this must not
   * be called again.
   *
   * <p>Completes with a {@link StreamFailure} when retries are used up or useless.
   */
  CompletableFuture<ReadBatch> next();
}
