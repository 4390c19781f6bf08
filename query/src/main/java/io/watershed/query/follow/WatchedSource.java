package io.watershed.query.follow;

import io.watershed.core.stream.Shard;
import io.watershed.kinesis.ForwardingSource;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A stream whose failures are told, and whose answers are bounded in memory. Thread-safe. */
final class WatchedSource extends ForwardingSource {
  private final ReadSlots slots;
  private final Troubles troubles;

  WatchedSource(StreamSource source, ReadSlots slots, Troubles troubles) {
    super(source);
    this.slots = slots;
    this.troubles = troubles;
  }

  @Override
  public CompletableFuture<StreamDescription> describe() {
    return watch("the stream", super.describe());
  }

  @Override
  public CompletableFuture<List<Shard>> listShards() {
    return watch("the stream", super.listShards());
  }

  @Override
  public CompletableFuture<String> iterator(String shardId, StartingPoint startingPoint) {
    return watch(shardId, super.iterator(shardId, startingPoint));
  }

  @Override
  public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
    return slots
        .acquire(shardId)
        .thenCompose(turn -> watch(shardId, super.read(shardId, iterator, maxRecords)))
        .whenComplete(
            (batch, thrown) -> {
              if (batch == null || batch.records().isEmpty()) {
                slots.release(shardId);
              }
            });
  }

  private <T> CompletableFuture<T> watch(String what, CompletableFuture<T> answer) {
    return answer.whenComplete(
        (value, thrown) -> {
          if (thrown == null) {
            troubles.answered(what);
          } else {
            troubles.failed(what, StreamFailure.of(thrown));
          }
        });
  }
}
