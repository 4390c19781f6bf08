package io.watershed.kinesis;

import io.watershed.core.aggregate.AggregateWriter;
import io.watershed.core.config.OrderedWriteSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The shards of the target, each with what may go there. Fills requests from those whose pace
 * allows it; one that is full or throttled does not hold up the others. Pure bookkeeping, for one
 * thread at a time.
 */
final class ShardLanes<T> {
  private static final Comparator<Turn<?>> LONGEST_FIRST =
      Comparator.comparingLong(Turn::waitNanos);

  private final OrderedWriteSettings settings;
  private final Pace total;
  private final Map<String, ShardLane<T>> lanes = new LinkedHashMap<>();

  /** Those that have something ready, or had when they were last looked at. */
  private final Set<ShardLane<T>> waiting = new LinkedHashSet<>();

  private TargetShards shards;
  private boolean measured;
  private int ready;

  /** Nothing may go before this: saves a look at each lane for each record that comes in. */
  private OptionalLong notBeforeNanos = OptionalLong.empty();

  /**
   * @param measured whether it will be told what others write
   */
  ShardLanes(OrderedWriteSettings settings, TargetShards shards, boolean measured, long nowNanos) {
    this.settings = settings;
    this.measured = measured;
    this.shards = shards;
    this.total =
        new Pace(
            settings.maxRecordsPerSecond().orElse(Double.POSITIVE_INFINITY),
            settings.maxBytesPerSecond().orElse(Double.POSITIVE_INFINITY));
    open(nowNanos);
  }

  /** The target was resharded, perhaps: what waits goes to the shards that there are now. */
  void reshard(TargetShards now, long nowNanos) {
    shards = now;
    List<WriteItem<T>> items = new ArrayList<>();
    lanes.values().forEach(lane -> items.addAll(lane.clear()));
    ready -= items.size();
    waiting.clear();
    lanes.keySet().removeIf(id -> !now.has(id));
    open(nowNanos);
    items.forEach(this::add);
  }

  private void open(long nowNanos) {
    for (String id : shards.ids()) {
      lanes.computeIfAbsent(id, i -> new ShardLane<>(i, settings, measured, nowNanos));
    }
  }

  /** From now on nobody tells what others write. */
  void unmeasurable() {
    measured = false;
    lanes.values().forEach(ShardLane::unmeasurable);
  }

  /** May be sent from now on. */
  void add(WriteItem<T> item) {
    item.state = WriteItem.State.READY;
    ShardLane<T> lane = Objects.requireNonNull(lanes.get(shards.shardFor(item.hashKey)));
    if (!lane.hasReady()) {
      notBeforeNanos = OptionalLong.empty();
      waiting.add(lane);
    }
    lane.ready().add(item);
    ready++;
  }

  boolean hasReady() {
    return ready > 0;
  }

  Stream<ShardLane<T>> all() {
    return lanes.values().stream();
  }

  Optional<ShardLane<T>> lane(String shardId) {
    return Optional.ofNullable(lanes.get(shardId));
  }

  /** Records a second over all shards, now. */
  double recordsPerSecond(long nowNanos) {
    double sum = all().mapToDouble(lane -> lane.pace(nowNanos).recordsPerSecond()).sum();
    return Math.min(sum, total.recordsPerSecond());
  }

  /** When something that is ready may go; empty if nothing is ready. */
  OptionalLong nextNanos(long nowNanos) {
    if (notBeforeNanos.isPresent() && nowNanos - notBeforeNanos.getAsLong() < 0) {
      return notBeforeNanos;
    }
    if (ready == 0) {
      return OptionalLong.empty();
    }
    long soonest = Long.MAX_VALUE;
    for (ShardLane<T> lane : waiting) {
      if (lane.hasReady()) {
        soonest = Math.min(soonest, lane.pace(nowNanos).waitNanos(nowNanos));
      }
    }
    return OptionalLong.of(nowNanos + Math.max(soonest, total.waitNanos(nowNanos)));
  }

  /** One request: the oldest records of each shard whose turn it is; empty if it is nobody's. */
  List<Parcel<T>> take(long nowNanos) {
    if (ready == 0 || total.waitNanos(nowNanos) > 0) {
      return List.of();
    }
    if (notBeforeNanos.isPresent() && nowNanos - notBeforeNanos.getAsLong() < 0) {
      return List.of();
    }
    waiting.removeIf(lane -> !lane.hasReady());
    List<Turn<T>> turns = new ArrayList<>();
    for (ShardLane<T> lane : waiting) {
      long wait = lane.pace(nowNanos).waitNanos(nowNanos);
      if (wait <= 0) {
        turns.add(new Turn<>(lane, wait));
      }
    }
    turns.sort(LONGEST_FIRST);
    Request request = new Request(nowNanos);
    turns.forEach(turn -> request.fill(turn.lane()));
    notBeforeNanos = request.parcels.isEmpty() ? nextNanos(nowNanos) : OptionalLong.empty();
    return request.done();
  }

  /** A shard whose turn it is, and since when: 0 or less. */
  private record Turn<T>(ShardLane<T> lane, long waitNanos) {}

  /** A request that is being filled. */
  private final class Request {
    private final long nowNanos;
    private final List<Parcel<T>> parcels = new ArrayList<>();
    private int records;
    private long bytes;

    Request(long nowNanos) {
      this.nowNanos = nowNanos;
    }

    void fill(ShardLane<T> lane) {
      Pace pace = lane.pace(nowNanos);
      int parcelsOfLane = 0;
      long bytesOfLane = 0;
      while (lane.hasReady()) {
        WriteItem<T> oldest = lane.ready().element();
        boolean laneFull =
            parcelsOfLane >= pace.maxRecords() || bytesOfLane + oldest.bytes > pace.maxBytes();
        if (isFull(oldest) || (laneFull && parcelsOfLane > 0)) {
          break;
        }
        Parcel<T> parcel =
            settings.dense() ? pack(lane, pace.maxBytes() - bytesOfLane) : single(lane);
        parcels.add(parcel);
        parcelsOfLane++;
        bytesOfLane += parcel.bytes();
        bytes += parcel.bytes();
        records += parcel.items().size();
      }
      if (parcelsOfLane > 0) {
        pace.sent(nowNanos, parcelsOfLane, bytesOfLane);
      }
    }

    private boolean isFull(WriteItem<T> next) {
      boolean full =
          parcels.size() >= settings.maxRecordsPerRequest()
              || records >= total.maxRecords()
              || bytes + next.bytes > Math.min(settings.maxBytesPerRequest(), total.maxBytes());
      return full && !parcels.isEmpty();
    }

    private Parcel<T> single(ShardLane<T> lane) {
      WriteItem<T> item = lane.ready().remove();
      ready--;
      item.sent(nowNanos);
      return new Parcel<>(lane.shardId(), List.of(item), item.bytes);
    }

    /** Consecutive records of the shard, as many as fit; of each key from its oldest on. */
    private Parcel<T> pack(ShardLane<T> lane, long laneBytes) {
      long room =
          Math.min(
              Math.min(laneBytes, settings.maxPackBytes()),
              Math.min(settings.maxBytesPerRequest(), total.maxBytes()) - bytes);
      Packing packing = new Packing(lane);
      WriteItem<T> next = packing.next();
      while (next != null
          && records + packing.items.size() < total.maxRecords()
          && packing.fits(next, room)) {
        packing.take(next);
        next = packing.next();
      }
      if (packing.items.isEmpty()) {
        return single(lane);
      }
      long size =
          packing.items.size() == 1 ? packing.items.get(0).bytes : packing.bytes + packing.outer;
      return new Parcel<>(lane.shardId(), List.copyOf(packing.items), size);
    }

    List<Parcel<T>> done() {
      if (!parcels.isEmpty()) {
        total.sent(nowNanos, records, bytes);
      }
      return parcels;
    }

    private final class Packing {
      private final ShardLane<T> lane;
      private final List<WriteItem<T>> items = new ArrayList<>();
      private final PriorityQueue<WriteItem<T>> following =
          new PriorityQueue<>(Comparator.comparingLong(item -> item.number));
      private long bytes = AggregateWriter.FRAME_BYTES;
      private long outer;

      Packing(ShardLane<T> lane) {
        this.lane = lane;
      }

      /** The oldest that may go into this pack: one that is ready, or one that follows another. */
      @Nullable WriteItem<T> next() {
        WriteItem<T> first = lane.ready().peek();
        WriteItem<T> follower = following.peek();
        if (first == null || follower == null) {
          return first == null ? follower : first;
        }
        return first.number < follower.number ? first : follower;
      }

      boolean fits(WriteItem<T> item, long room) {
        if (items.isEmpty()) {
          return true; // whatever its size, it goes alone
        }
        long more = AggregateWriter.sizeOf(item.bytes);
        return isPackable(item) && isPackable(items.get(0)) && bytes + outer + more <= room;
      }

      void take(WriteItem<T> item) {
        if (item.state == WriteItem.State.READY) {
          lane.ready().remove();
          ready--;
        } else {
          following.remove();
        }
        outer = items.isEmpty() ? item.entry().partitionKey().length() * 3L : outer;
        bytes += AggregateWriter.sizeOf(item.bytes);
        item.sent(nowNanos);
        items.add(item);
        WriteItem<T> nextOfKey = item.nextOfKey;
        if (nextOfKey != null && shards.shardFor(nextOfKey.hashKey).equals(lane.shardId())) {
          following.add(nextOfKey);
        }
      }

      /** Where the shard is not known for certain, or chosen by hand, a record stays alone. */
      private boolean isPackable(WriteItem<T> item) {
        return item.entry().explicitHashKey().isEmpty()
            && shards.owns(lane.shardId(), item.hashKey);
      }
    }
  }
}
