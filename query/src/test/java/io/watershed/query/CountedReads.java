package io.watershed.query;

import io.watershed.kinesis.ForwardingSource;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StreamSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the GetRecords calls of whoever reads through this, and what they gave. */
final class CountedReads extends ForwardingSource {
  final AtomicLong calls = new AtomicLong();
  final AtomicLong records = new AtomicLong();
  final AtomicLong bytes = new AtomicLong();

  CountedReads(StreamSource source) {
    super(source);
  }

  void reset() {
    calls.set(0);
    records.set(0);
    bytes.set(0);
  }

  @Override
  public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
    calls.incrementAndGet();
    return super.read(shardId, iterator, maxRecords)
        .thenApply(
            batch -> {
              records.addAndGet(batch.records().size());
              bytes.addAndGet(batch.payloadBytes());
              return batch;
            });
  }
}
