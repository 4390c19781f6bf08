package io.watershed.query;

import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.stream.Shard;
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
final class HookedSource implements StreamSource {
  /** Called with the request's name, such as {@code read shardId-000000000000}. */
  volatile Function<String, @Nullable StreamFailure> before = request -> null;

  /** Shards that a listing names. */
  volatile Predicate<Shard> listed = shard -> true;

  private final StreamSource source;

  HookedSource(StreamSource source) {
    this.source = source;
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
    return hook("describe", source::describe);
  }

  @Override
  public CompletableFuture<List<Shard>> listShards() {
    return hook("list", source::listShards)
        .thenApply(shards -> shards.stream().filter(listed).toList());
  }

  @Override
  public CompletableFuture<String> iterator(String shardId, StartingPoint startingPoint) {
    return hook("iterator " + shardId, () -> source.iterator(shardId, startingPoint));
  }

  @Override
  public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
    return hook("read " + shardId, () -> source.read(shardId, iterator, maxRecords));
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
