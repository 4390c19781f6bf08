package io.watershed.kinesis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Write access to one stream: one PutRecords request a call, SDK retries off, because a retried
 * request can write A, B, A, B. Failures of the whole request complete the future with a {@link
 * StreamFailure}; failures of single records are in their {@link PutResult}. Thread-safe.
 */
public interface StreamSink extends AutoCloseable {
  /** DescribeStreamSummary of the target. */
  CompletableFuture<StreamDescription> describe();

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
