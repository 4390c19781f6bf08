package io.watershed.query;

import io.watershed.core.stream.Shard;
import io.watershed.kinesis.ForwardingSource;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A stream whose requests a test sees before they are made, and may fail. */
final class HookedSource extends ForwardingSource {
  /** Called with the request's name, such as {@code read shardId-000000000000}. */
  volatile Function<String, @Nullable StreamFailure> before = request -> null;

  /** Shards that a listing names. */
  volatile Predicate<Shard> listed = shard -> true;

  HookedSource(StreamSource source) {
    super(source);
  }

  private <T> CompletableFuture<T> hook(String request, CompletableFutureSupplier<T> call) {
    StreamFailure failure = before.apply(request);
    return failure == null ? call.get() : CompletableFuture.failedFuture(failure);
  }

  private interface CompletableFutureSupplier<T> {
    CompletableFuture<T> get();
  }

  @Override
  public CompletableFuture<StreamDescription> describe() {
    return hook("describe", super::describe);
  }

  @Override
  public CompletableFuture<List<Shard>> listShards() {
    return hook("list", super::listShards)
        .thenApply(shards -> shards.stream().filter(listed).toList());
  }

  @Override
  public CompletableFuture<String> iterator(String shardId, StartingPoint startingPoint) {
    return hook("iterator " + shardId, () -> super.iterator(shardId, startingPoint));
  }

  @Override
  public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
    return hook("read " + shardId, () -> super.read(shardId, iterator, maxRecords));
  }
}
