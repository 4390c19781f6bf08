package io.watershed.bench;

import io.watershed.kinesis.ForwardingSource;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StreamSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Counts GetRecords calls, refused ones included, and the payload bytes that they gave. */
final class CountedSource extends ForwardingSource {
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  /**
   * @param source stays the caller's
   */
  CountedSource(StreamSource source) {
    super(source);
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
    return super.read(shardId, iterator, maxRecords)
        .whenComplete(
            (batch, thrown) -> {
              if (batch != null) {
                long unused = bytes.addAndGet(batch.payloadBytes());
              }
            });
  }
}
