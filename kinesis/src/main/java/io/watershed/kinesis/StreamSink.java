package io.watershed.kinesis;

import io.watershed.core.stream.Shard;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Write access to one stream: one PutRecords request a call, SDK retries off, because a retried
 * request can write A, B, A, B. Failures of the whole request complete the future with a {@link
 * StreamFailure}; failures of single records are in their {@link PutResult}. Thread-safe.
 */
public interface StreamSink extends AutoCloseable {
  /** DescribeStreamSummary of the target. */
  CompletableFuture<StreamDescription> describe();

  /** ListShards, filtered: the shards that take records now, with their hash-key ranges. */
  CompletableFuture<List<Shard>> openShards();

  /** Read access to the same stream, to measure what others write; empty if there is none. */
  default Optional<StreamSource> reader() {
    return Optional.empty();
  }

  /**
   * PutRecords.
   *
   * @param entries 1 to 500, at most 10 MiB in all
   * @return one result per entry, in order
   */
  CompletableFuture<List<PutResult>> put(List<PutEntry> entries);

  @Override
  void close();
}
