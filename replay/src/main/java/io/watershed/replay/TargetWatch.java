package io.watershed.replay;

import io.watershed.consumer.Version;
import io.watershed.core.checkpoint.After;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.ResumingShardReader;
import io.watershed.kinesis.Retries;
import io.watershed.kinesis.ShardReader;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * Reads all shards of a target from a time on to their tips, and then what comes, about every
 * second, until it is closed. Shares the stream's read quota with its consumers. Thread-safe; holds
 * no thread.
 *
 * <p>A record that arrived before that time cannot be newer than what is replayed, and if a clock
 * was wrong, it is missed: then a record is sent that need not have been.
 */
final class TargetWatch implements Superseding {
  private static final Duration LISTING_PAUSE = Duration.ofSeconds(1);

  private final StreamSource target;
  private final StartingPoint from;
  private final TargetVersions versions;
  private final ShardReadSettings settings;
  private final Scheduler timers;
  private final RandomGenerator random;
  private final Retries retries;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  private final Object lock = new Object();
  // Everything below is guarded by the lock.
  private Lineage lineage = Lineage.EMPTY;
  private final Set<ShardKey> opened = new HashSet<>();
  private final Set<ShardKey> atTip = new HashSet<>();
  private final Set<ShardKey> finished = new HashSet<>();
  private Optional<StreamFailure> failure = Optional.empty();
  private Duration retention = Duration.ZERO;
  private boolean listing;
  private boolean closed;

  private TargetWatch(
      StreamSource target,
      StartingPoint from,
      TargetVersions versions,
      ShardReadSettings settings,
      Scheduler timers,
      RandomGenerator random) {
    this.target = target;
    this.from = from;
    this.versions = versions;
    this.settings = settings;
    this.timers = timers;
    this.random = random;
    this.retries = new Retries(settings.retry(), timers, random);
  }

  /**
   * Begins to read.
   *
   * @param target stays the caller's, and is closed after the watch
   * @param from nothing that arrived earlier matters; empty for everything
   * @param versions gets what is read
   * @param reading how fast, and how far clocks may be off
   * @param timers whose {@code sleep} does not block
   */
  static TargetWatch begin(
      StreamSource target,
      Optional<Instant> from,
      TargetVersions versions,
      ShardReadSettings reading,
      Scheduler timers,
      RandomGenerator random) {
    StartingPoint start =
        from.<StartingPoint>map(
                time -> new StartingPoint.AtTimestamp(time.minus(reading.clockSlack())))
            .orElseGet(StartingPoint.TrimHorizon::new);
    TargetWatch watch = new TargetWatch(target, start, versions, reading, timers, random);
    watch.list();
    return watch;
  }

  @Override
  public CompletableFuture<Void> ready() {
    return ready;
  }

  @Override
  public Optional<Version> newerThan(StreamRecord record) {
    synchronized (lock) {
      if (failure.isPresent()) {
        throw failure.get().toError();
      }
    }
    return versions.newerThan(record);
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
  }

  private void list() {
    synchronized (lock) {
      if (closed || listing) {
        return;
      }
      listing = true;
    }
    orFail(
        retries
            .call(target::describe)
            .thenCombine(
                retries.call(target::listShards),
                (description, shards) -> {
                  listed(description.retention(), shards);
                  return shards;
                }));
  }

  private void listed(Duration newRetention, List<Shard> shards) {
    synchronized (lock) {
      listing = false;
      retention = newRetention;
    }
    learn(shards);
    boolean childless;
    synchronized (lock) {
      childless = finished.stream().anyMatch(key -> !lineage.childrenComplete(key));
    }
    if (childless) {
      timers.schedule(LISTING_PAUSE, this::list);
    }
    openMore();
  }

  private void learn(List<Shard> shards) {
    versions.learn(shards);
    synchronized (lock) {
      lineage = lineage.plus(shards);
    }
  }

  /** Opens the shards whose parents are read, and says so when nothing is left to catch up with. */
  private void openMore() {
    List<Shard> more;
    boolean caughtUp;
    synchronized (lock) {
      more = lineage.readable(finished).stream().filter(shard -> opened.add(shard.key())).toList();
      caughtUp = !listing && more.isEmpty() && lineage.shards().stream().allMatch(this::isRead);
    }
    more.forEach(shard -> join(shard.key()));
    if (caughtUp) {
      ready.complete(null);
    }
  }

  private boolean isRead(Shard shard) {
    return finished.contains(shard.key()) || atTip.contains(shard.key());
  }

  /** Reads the shard from the beginning, and from its first record on by positions. */
  private void join(ShardKey key) {
    read(key, ShardReader.open(target, key.shardId(), from, settings, timers, newRandom()), true);
  }

  /**
   * From a position on, so that a shard is read on from what is left when its place was trimmed.
   * What is trimmed is not held any more, so a gap does not matter.
   */
  private void goOn(ShardKey key, StreamRecord last) {
    Duration kept;
    synchronized (lock) {
      kept = retention;
    }
    orFail(
        ResumingShardReader.open(
                target,
                key,
                new After.At(last.position()),
                Optional.empty(),
                Optional.of(last.arrivalTime()),
                kept,
                settings,
                timers,
                newRandom())
            .thenAccept(reader -> read(key, reader, false)));
  }

  private RandomGenerator newRandom() {
    synchronized (lock) {
      return new SplittableRandom(random.nextLong());
    }
  }

  private void read(ShardKey key, ShardReader reader, boolean joining) {
    synchronized (lock) {
      if (closed || failure.isPresent()) {
        return;
      }
    }
    orFail(reader.next().thenAccept(batch -> took(key, reader, joining, batch)));
  }

  private void took(ShardKey key, ShardReader reader, boolean joining, ReadBatch batch) {
    List<StreamRecord> records = batch.records();
    records.forEach(versions::add);
    if (batch.endsShard()) {
      end(key, batch.childShards());
    } else if (batch.atTip()) {
      synchronized (lock) {
        atTip.add(key);
      }
    }
    openMore();
    if (batch.endsShard()) {
      return;
    }
    if (joining && !records.isEmpty()) {
      goOn(key, records.get(records.size() - 1));
    } else {
      read(key, reader, joining);
    }
  }

  private void end(ShardKey key, List<Shard> children) {
    learn(children);
    boolean childless;
    synchronized (lock) {
      finished.add(key);
      childless = !lineage.childrenComplete(key);
    }
    if (childless) {
      list();
    }
  }

  private void orFail(CompletableFuture<?> step) {
    var unused =
        step.whenComplete(
            (done, thrown) -> {
              if (thrown != null) {
                fail(thrown);
              }
            });
  }

  /** Also what a callback throws. */
  private void fail(Throwable thrown) {
    StreamFailure why = StreamFailure.of(thrown);
    synchronized (lock) {
      failure = failure.or(() -> Optional.of(why));
    }
    ready.completeExceptionally(why);
  }
}
