package io.watershed.archive;

import io.watershed.core.stream.Shard;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamFailure.Kind;
import io.watershed.kinesis.StreamSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Asks for shards that a listing does not name whether they are really gone. A listing is late by
 * moments, and a shard that is given up is given up for good.
 */
record HiddenShards(StreamSource source) {
  /** The listing, and those of the missing shards that can be read. */
  CompletableFuture<List<Shard>> add(List<Shard> listed, List<Shard> missing) {
    CompletableFuture<List<Shard>> found =
        CompletableFuture.completedFuture(new ArrayList<>(listed));
    for (Shard shard : missing) {
      found = found.thenCompose(shards -> addIfThere(shards, shard));
    }
    return found;
  }

  private CompletableFuture<List<Shard>> addIfThere(List<Shard> shards, Shard shard) {
    return source
        .iterator(shard.key().shardId(), new StartingPoint.TrimHorizon())
        .handle(
            (iterator, thrown) -> {
              if (thrown == null) {
                shards.add(shard);
              } else if (StreamFailure.of(thrown).kind() != Kind.NOT_FOUND) {
                throw StreamFailure.of(thrown);
              }
              return shards;
            });
  }
}
