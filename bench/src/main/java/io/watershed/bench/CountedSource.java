package io.watershed.bench;

import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Counts GetRecords calls, refused ones included, and the payload bytes that they gave. */
final class CountedSource implements StreamSource {
  private final StreamSource source;
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  /**
   * @param source stays the caller's
   */
  CountedSource(StreamSource source) {
    this.source = source;
  }

  void reset() {
    calls.set(0);
    bytes.set(0);
  }

  long calls() {
    return calls.get();
  }

  long bytes() {
    return bytes.get();
  }

  @Override
  public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
    long unusedCall = calls.incrementAndGet();
    return source
        .read(shardId, iterator, maxRecords)
        .whenComplete(
            (batch, thrown) -> {
              if (batch != null) {
                long unused = bytes.addAndGet(batch.payloadBytes());
              }
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
