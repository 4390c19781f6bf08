package io.watershed.query;

import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the GetRecords calls of whoever reads through this, and what they gave. */
final class CountedReads implements StreamSource {
  final AtomicLong calls = new AtomicLong();
  final AtomicLong records = new AtomicLong();
  final AtomicLong bytes = new AtomicLong();
  private final StreamSource source;

  CountedReads(StreamSource source) {
    this.source = source;
  }

  void reset() {
    calls.set(0);
    records.set(0);
    bytes.set(0);
  }

  @Override
  public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
    calls.incrementAndGet();
    return source
        .read(shardId, iterator, maxRecords)
        .thenApply(
            batch -> {
              records.addAndGet(batch.records().size());
              bytes.addAndGet(batch.payloadBytes());
              return batch;
            });
  }

  @Override
  public CompletableFuture<StreamDescription> describe() {
    return source.describe();
  }

  @Override
  public CompletableFuture<List<Shard>> listShards() {
    return source.listShards();
  }

  @Override
  public CompletableFuture<String> iterator(String shardId, StartingPoint startingPoint) {
    return source.iterator(shardId, startingPoint);
  }

  @Override
  public Documents documents() {
    return source.documents();
  }

  @Override
  public boolean keepsReplayed() {
    return source.keepsReplayed();
  }

  @Override
  public void close() {}
}
