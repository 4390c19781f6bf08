package io.watershed.kinesis;

import io.watershed.core.config.OrderedWriteSettings;
import io.watershed.core.record.SequenceNumber;
import io.watershed.kinesis.TargetTraffic.Rate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One shard of the target: what may go there next, and how fast. For one thread at a time. */
final class ShardLane<T> {
  private static final long NEVER_SAMPLED = Long.MIN_VALUE;

  private final String shardId;
  private final PriorityQueue<WriteItem<T>> ready =
      new PriorityQueue<>(Comparator.comparingLong(item -> item.number));
  private final Pace pace;
  private ShardRate rate;
  private Optional<Set<SequenceNumber>> own = Optional.empty();
  private long sampledNanos = NEVER_SAMPLED;
  private long records;
  private long entries;
  private long bytes;
  private long throttled;

  ShardLane(String shardId, OrderedWriteSettings settings, boolean measured, long nowNanos) {
    this.shardId = shardId;
    this.rate = ShardRate.start(settings.quotaShare(), measured, nowNanos);
    this.pace = new Pace(rate.recordsPerSecond(), rate.bytesPerSecond());
  }

  String shardId() {
    return shardId;
  }

  PriorityQueue<WriteItem<T>> ready() {
    return ready;
  }

  boolean hasReady() {
    return !ready.isEmpty();
  }

  /** Gives up what may go next, for other lanes. */
  List<WriteItem<T>> clear() {
    List<WriteItem<T>> items = new ArrayList<>(ready);
    ready.clear();
    return items;
  }

  /** The pace, as it is now. */
  Pace pace(long nowNanos) {
    rate = rate.at(nowNanos);
    pace.rate(rate.recordsPerSecond(), rate.bytesPerSecond());
    return pace;
  }

  ShardRate rate() {
    return rate;
  }

  /** The shard refused so many records. */
  void throttled(int refused, long nowNanos) {
    throttled += refused;
    rate = rate.throttled(nowNanos);
  }

  /** The shard has these. */
  void acknowledged(Parcel<T> parcel) {
    records += parcel.items().size();
    entries++;
    for (WriteItem<T> item : parcel.items()) {
      bytes += item.bytes;
    }
  }

  /** What was done here, and what is allowed now. */
  ShardWrites writes(long nowNanos) {
    rate = rate.at(nowNanos);
    double allowed = ShardWrites.quotaShare(rate.recordsPerSecond(), rate.bytesPerSecond());
    return new ShardWrites(shardId, records, entries, bytes, throttled, allowed);
  }

  /** Remembers own records while it is watched. */
  void written(SequenceNumber number) {
    own.ifPresent(numbers -> numbers.add(number));
  }

  /** Whether it is time to watch what others write. */
  boolean isSampleDue(long nowNanos, long intervalNanos) {
    return own.isEmpty()
        && (sampledNanos == NEVER_SAMPLED || nowNanos - sampledNanos >= intervalNanos);
  }

  TargetTraffic.OwnWrites beginSample(long nowNanos) {
    Set<SequenceNumber> numbers = ConcurrentHashMap.newKeySet();
    own = Optional.of(numbers);
    sampledNanos = nowNanos;
    return numbers::contains;
  }

  void endSample(Optional<Rate> sample) {
    own = Optional.empty();
    rate = sample.map(rate::sampled).orElse(rate);
  }

  void unmeasurable() {
    own = Optional.empty();
    rate = rate.unmeasurable();
  }
}
