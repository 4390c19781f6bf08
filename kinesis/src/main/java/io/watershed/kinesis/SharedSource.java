package io.watershed.kinesis;

import io.watershed.core.time.Scheduler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A stream for several readers who follow it: they cost the service what one costs. Each shard is
 * read at most once in an interval, whoever asks; what was read for one is kept a while, and
 * answers those who come to the same place later. In between a reader gets an empty answer that is
 * not at the tip. A reader who falls behind what is kept reads for itself, in turns with the
 * others; nothing is kept for it.
 *
 * <p>Each reader gets what a source gives: every record after its place, once, in order. A reader
 * that begins at LATEST may get records of the last moments before it, too. Iterators are of this
 * source only. Thread-safe.
 */
public final class SharedSource extends ForwardingSource {
  /** An answer has up to 10 MB, and is in memory three times until it is parsed. */
  private static final int CALLS_UNDER_WAY = 4;

  private final StreamSource source;
  private final Duration interval;
  private final LongSupplier most;
  private final Scheduler scheduler;
  private final CallLanes calls = new CallLanes(CALLS_UNDER_WAY);
  private final AtomicLong fedNanos = new AtomicLong();
  private Optional<String> incarnation = Optional.empty();
  private final Map<String, SharedShard> shards = new ConcurrentHashMap<>();

  /**
   * Over a source that stays the caller's.
   *
   * @param interval between two GetRecords calls on one shard
   * @param most bytes of records to keep, of all shards; asked whenever some are added
   */
  public SharedSource(
      StreamSource source, Duration interval, LongSupplier most, Scheduler scheduler) {
    super(source);
    this.source = source;
    this.interval = interval;
    this.most = most;
    this.scheduler = scheduler;
  }

  /**
   * The source of somebody who reads the whole stream anyway, such as its archiver: its requests
   * are its own, and what comes answers the readers of this one, too. Where it reads, they ask the
   * service only for what it does not bring.
   *
   * @param other a source of the same stream; closed with what is returned
   */
  public StreamSource fedBy(StreamSource other) {
    return new FeedingSource(other, this, scheduler);
  }

  /** Whether its readers read this incarnation, or have not asked for any yet. */
  synchronized boolean isOf(String id) {
    if (incarnation.isEmpty()) {
      incarnation = Optional.of(id);
    }
    return incarnation.get().equals(id);
  }

  /** What was kept of another incarnation answers nobody any more. */
  private synchronized void readersAreOf(String id) {
    if (incarnation.filter(known -> !known.equals(id)).isPresent()) {
      shards.clear();
    }
    incarnation = Optional.of(id);
  }

  @Override
  public CompletableFuture<StreamDescription> describe() {
    return super.describe()
        .thenApply(
            description -> {
              readersAreOf(description.incarnation().id());
              return description;
            });
  }

  SharedShard shard(String shardId) {
    return shards.computeIfAbsent(
        shardId,
        id ->
            new SharedShard(
                source,
                id,
                interval,
                () -> most.getAsLong() / Math.max(1, shards.size()),
                calls,
                fedNanos,
                scheduler));
  }

  @Override
  public CompletableFuture<String> iterator(String shardId, StartingPoint startingPoint) {
    return shard(shardId).iterator(startingPoint);
  }

  @Override
  public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
    return shard(shardId).read(iterator, maxRecords);
  }
}
