package io.watershed.query.follow;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.config.RetrySettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.Shard;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.ResumingShardReader;
import io.watershed.kinesis.Retries;
import io.watershed.kinesis.ShardReader;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The readers of a stream's shards. A shard that begins at its tip or at a time is read plainly
 * until it gave a record; from then on a position proves that nothing is missing. Used by one
 * thread.
 */
final class LiveReads {
  private final WatchedSource source;
  private final ReadSlots slots;
  private final ShardReadSettings settings;
  private final Retries firstListing;
  private final Retries listings;
  private final Scheduler scheduler;
  private final Supplier<RandomGenerator> random;
  private final Map<ShardKey, ShardReader> readers = new HashMap<>();
  private final Set<ShardKey> atTip = new HashSet<>();
  private final Set<ShardKey> plain = new HashSet<>();
  private volatile Duration retention = Duration.ZERO;

  /**
   * @param firstContact bound of the first listing: a stream that was never reached is an error
   *     soon
   */
  LiveReads(
      WatchedSource source,
      ReadSlots slots,
      ShardReadSettings settings,
      Duration firstContact,
      Scheduler scheduler,
      Supplier<RandomGenerator> random) {
    this.source = source;
    this.slots = slots;
    this.settings = settings;
    RetrySettings retry = settings.retry();
    this.firstListing =
        new Retries(
            new RetrySettings(
                retry.maxAttempts(), firstContact, retry.baseDelay(), retry.maxDelay()),
            scheduler,
            random.get());
    this.listings = new Retries(retry, scheduler, random.get());
    this.scheduler = scheduler;
    this.random = random;
  }

  /**
   * A stream and its shards.
   *
   * @param incarnation its id
   */
  record Listing(String incarnation, Instant createdAt, Duration retention, List<Shard> shards) {}

  /**
   * Asks for the stream and its shards.
   *
   * @param again whether it was reached before
   */
  CompletableFuture<Listing> list(boolean again) {
    Retries retries = again ? listings : firstListing;
    return retries
        .call(source::describe)
        .thenCompose(
            description ->
                retries.call(source::listShards).thenApply(shards -> listing(description, shards)));
  }

  private Listing listing(StreamDescription description, List<Shard> shards) {
    retention = description.retention();
    return new Listing(
        description.incarnation().id(),
        description.incarnation().createdAt(),
        description.retention(),
        shards);
  }

  /** How long the stream keeps records, as the last listing said. */
  Duration retention() {
    return retention;
  }

  /** How far clocks may be off: times are asked for by so much earlier. */
  Duration clockSlack() {
    return settings.clockSlack();
  }

  /** The shard will be opened at its tip. */
  void joinAtTip(ShardKey key) {
    atTip.add(key);
  }

  /** Opens the shard at its place; the answer is what may be missing before its first record. */
  CompletableFuture<Optional<Gap>> open(ShardKey key, ShardPlace place) {
    plain.remove(key);
    boolean hasPosition = place.after() instanceof After.At;
    if (!hasPosition && (atTip.contains(key) || place.begin().isPresent())) {
      StartingPoint point =
          atTip.remove(key)
              ? new StartingPoint.Latest()
              : new StartingPoint.AtTimestamp(place.begin().orElseThrow());
      readers.put(
          key, ShardReader.open(source, key.shardId(), point, settings, scheduler, random.get()));
      plain.add(key);
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return ResumingShardReader.open(
            source,
            key,
            place.after(),
            place.completeThrough(),
            place.lastArrival(),
            retention,
            settings,
            scheduler,
            random.get())
        .thenApply(
            reader -> {
              opened(key, reader);
              return reader.gap();
            });
  }

  private synchronized void opened(ShardKey key, ShardReader reader) {
    readers.put(key, reader);
  }

  CompletableFuture<ReadBatch> next(ShardKey key) {
    return reader(key).next();
  }

  private synchronized ShardReader reader(ShardKey key) {
    return Objects.requireNonNull(readers.get(key));
  }

  /** The records of the last answer are taken. */
  void taken(ShardKey key) {
    slots.release(key.shardId());
  }

  /** Whether the shard is read plainly and gave no record yet, so that it has no position. */
  boolean isJoining(ShardKey key) {
    return plain.contains(key);
  }

  /** Whether this answer gives a shard that is read plainly a position to be opened at. */
  boolean leavesStart(ShardKey key, ReadBatch batch) {
    return plain.contains(key) && !batch.records().isEmpty();
  }

  synchronized void close(ShardKey key) {
    readers.remove(key);
    plain.remove(key);
    slots.release(key.shardId());
  }
}
