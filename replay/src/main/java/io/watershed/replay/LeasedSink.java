package io.watershed.replay;

import io.watershed.core.stream.Shard;
import io.watershed.kinesis.PutEntry;
import io.watershed.kinesis.PutResult;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamFailure.Kind;
import io.watershed.kinesis.StreamSink;
import io.watershed.kinesis.StreamSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The way to the target. Sends nothing while the hold on the run is not renewed (PROTOCOL 6.5): the
 * writer tries again later. Thread-safe.
 */
final class LeasedSink implements StreamSink {
  private final StreamSink sink;
  private final RunOwner owner;

  LeasedSink(StreamSink sink, RunOwner owner) {
    this.sink = sink;
    this.owner = owner;
  }

  @Override
  public CompletableFuture<StreamDescription> describe() {
    return sink.describe();
  }

  @Override
  public CompletableFuture<List<Shard>> openShards() {
    return sink.openShards();
  }

  @Override
  public Optional<StreamSource> reader() {
    return sink.reader();
  }

  @Override
  public CompletableFuture<List<PutResult>> put(List<PutEntry> entries) {
    if (owner.mustRenew()) {
      return CompletableFuture.failedFuture(
          new StreamFailure(Kind.THROTTLED, "the run's lease is not renewed", null));
    }
    return sink.put(entries);
  }

  @Override
  public void close() {
    sink.close();
  }
}
