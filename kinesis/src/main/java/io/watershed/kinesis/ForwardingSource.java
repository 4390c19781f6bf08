package io.watershed.kinesis;

import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.stream.Shard;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Passes every request on to another source, which stays its owner's: closing this does not close
 * it. For sources that do something beside. As thread-safe as the other source.
 */
public abstract class ForwardingSource implements StreamSource {
  private final StreamSource source;

  /** Passes requests on to this source. */
  protected ForwardingSource(StreamSource source) {
    this.source = source;
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
  public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
    return source.read(shardId, iterator, maxRecords);
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
  public void archived(String shardId, SequenceNumber through) {
    source.archived(shardId, through);
  }

  @Override
  public void close() {}
}
