package io.watershed.kinesis;

import io.watershed.core.record.SequenceNumber;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Tells how much others write to a shard, so that an {@link OrderedWriter} leaves them room. By
 * watching the shard: {@link SampledTraffic}; metrics of the service could tell it too.
 * Thread-safe.
 */
@FunctionalInterface
public interface TargetTraffic {
  /**
   * Measures a shard now.
   *
   * @param own knows what the writer has put there since this call
   * @return empty if it could not be told this time; fails with a {@link StreamFailure} if it never
   *     can, such as for want of permissions
   */
  CompletableFuture<Optional<Rate>> others(String shardId, OwnWrites own);

  /** Records and bytes a second. */
  record Rate(double recordsPerSecond, double bytesPerSecond) {}

  /** What the writer itself has put since a measurement began. */
  @FunctionalInterface
  interface OwnWrites {
    /** Whether this record is one that the writer put and that was acknowledged by now. */
    boolean contains(SequenceNumber number);
  }
}
