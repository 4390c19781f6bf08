package io.watershed.kinesis;

import io.watershed.core.record.SequenceNumber;
import io.watershed.kinesis.StreamFailure.Kind;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The source of somebody who reads a whole stream anyway: its requests go to the service as they
 * are, and what comes is kept for the readers of a {@link SharedSource}, too. Thread-safe.
 */
final class FeedingSource extends ForwardingSource {
  private final SharedSource shared;
  private final StreamSource source;
  private final InstantSource clock;
  private final Map<String, SharedPlace> places = new ConcurrentHashMap<>();
  private volatile Optional<String> incarnation = Optional.empty();

  FeedingSource(StreamSource source, SharedSource shared, InstantSource clock) {
    super(source);
    this.source = source;
    this.shared = shared;
    this.clock = clock;
  }

  @Override
  public CompletableFuture<StreamDescription> describe() {
    return super.describe()
        .thenApply(
            description -> {
              incarnation = Optional.of(description.incarnation().id());
              return description;
            });
  }

  @Override
  public CompletableFuture<String> iterator(String shardId, StartingPoint point) {
    return super.iterator(shardId, point)
        .thenApply(
            real -> {
              places.put(shardId, place(shardId, point, real));
              return real;
            });
  }

  private SharedPlace place(String shardId, StartingPoint point, String real) {
    if (point instanceof StartingPoint.At at) {
      return SharedPlace.at(at.sequenceNumber(), Optional.of(real));
    }
    return point instanceof StartingPoint.After after
        ? SharedPlace.after(after.sequenceNumber(), Instant.EPOCH, Optional.of(real))
        : shared.shard(shardId).start(real);
  }

  @Override
  public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
    Instant askedAt = clock.instant();
    return super.read(shardId, iterator, maxRecords)
        .whenComplete(
            (batch, thrown) -> {
              if (batch != null) {
                feed(shardId, iterator, batch, askedAt);
              } else if (StreamFailure.of(thrown).kind() == Kind.THROTTLED) {
                shared.shard(shardId).feederWasThrottled();
              }
            });
  }

  /** Of an iterator that is not known, the records alone tell where they are. */
  private void feed(String shardId, String iterator, ReadBatch batch, Instant askedAt) {
    SharedPlace place =
        Optional.ofNullable(places.get(shardId))
            .filter(known -> known.real().equals(Optional.of(iterator)))
            .orElseGet(() -> shared.shard(shardId).start(iterator));
    if (incarnation.isPresent() && shared.isOf(incarnation.get())) {
      places.put(shardId, shared.shard(shardId).fed(place, batch, askedAt));
    } else {
      places.remove(shardId);
    }
  }

  @Override
  public void archived(String shardId, SequenceNumber through) {
    shared.shard(shardId).archived(through);
    source.archived(shardId, through);
  }

  @Override
  public void close() {
    places.keySet().forEach(shardId -> shared.shard(shardId).unfed());
    places.clear();
    source.close();
  }
}
