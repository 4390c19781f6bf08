package io.watershed.simulator;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamFailure.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * The stream's side of every request, at one moment. A request carries a stream's name and a
 * shard's id, no more: after the stream was deleted and created again the same request reads
 * another stream.
 */
final class SimulatedKinesis {
  private static final Duration ITERATOR_LIFE = Duration.ofMinutes(5);
  private static final int LARGEST_BATCH = 40;

  private final World world;
  private final Random random;
  private final Duration retention;
  private final List<SimulatedStream> incarnations = new ArrayList<>();
  private final Map<String, Position> iterators = new HashMap<>();
  private long issued;

  /** What a shard iterator stands for. */
  private record Position(
      SimulatedStream stream,
      SimulatedShard shard,
      int index,
      Instant issuedAt,
      boolean lostForEver) {
    Position movedTo(int next, Instant now) {
      return new Position(stream, shard, next, now, lostForEver);
    }
  }

  SimulatedKinesis(World world, Duration retention, int shards) {
    this.world = world;
    this.random = world.random();
    this.retention = retention;
    create(shards);
  }

  /** Every incarnation that there was, oldest first. */
  List<SimulatedStream> incarnations() {
    return List.copyOf(incarnations);
  }

  /** The newest incarnation, deleted or not. */
  SimulatedStream newest() {
    return incarnations.get(incarnations.size() - 1);
  }

  void create(int shards) {
    incarnations.add(new SimulatedStream(world, random, retention, shards));
  }

  /** After a trim before its time, iterators are good for nothing. */
  void expireIterators() {
    iterators.clear();
  }

  StreamDescription describe() {
    SimulatedStream stream = present();
    return new StreamDescription(
        SimulatedStream.NAME,
        stream.incarnation(),
        "ACTIVE",
        stream.retention(),
        stream.openShards().size(),
        1 << 20);
  }

  /**
   * @param as the incarnation that the caller believes it reads
   */
  List<Shard> listShards(Incarnation as) {
    return present().listed(world.isHealed()).stream().map(shard -> labelled(shard, as)).toList();
  }

  String iterator(String shardId, StartingPoint point) {
    SimulatedStream stream = present();
    stream.trim();
    SimulatedShard shard =
        stream
            .shard(shardId)
            .filter(found -> !found.isForgotten(world.now(), stream.retention()))
            .orElseThrow(() -> notFound(shardId));
    if (point instanceof StartingPoint.TrimHorizon) {
      return issue(stream, shard, shard.firstHeld(), false);
    }
    if (point instanceof StartingPoint.At at) {
      return at(stream, shard, at.sequenceNumber(), 0);
    }
    if (point instanceof StartingPoint.After after) {
      return at(stream, shard, after.sequenceNumber(), 1);
    }
    if (point instanceof StartingPoint.AtTimestamp at) {
      int index = shard.firstHeld();
      while (index < shard.size() && shard.at(index).record().arrivalTime().isBefore(at.time())) {
        index++;
      }
      return issue(stream, shard, index, false);
    }
    return issue(stream, shard, shard.size(), false);
  }

  private String at(SimulatedStream stream, SimulatedShard shard, SequenceNumber number, int plus) {
    int index = shard.indexOf(number);
    if (index >= 0 && index >= shard.firstHeld()) {
      return issue(stream, shard, index + plus, false);
    }
    // What the service makes of a position that is trimmed, or was never there: all were seen.
    return switch (random.nextInt(3)) {
      case 0 -> throw new StreamFailure(Kind.POSITION_REFUSED, "the position is not there", null);
      case 1 -> issue(stream, shard, shard.firstHeld(), false);
      default -> issue(stream, shard, shard.firstHeld(), true);
    };
  }

  ReadBatch read(Incarnation as, String shardId, String iterator, int maxRecords) {
    Position position = iterators.get(iterator);
    if (position == null
        || position.issuedAt().plus(ITERATOR_LIFE).isBefore(world.now())
        || world.strikes(random, world.faults().expiredIterator())) {
      throw new StreamFailure(Kind.ITERATOR_EXPIRED, "the iterator has expired", null);
    }
    SimulatedStream stream = position.stream();
    SimulatedShard shard = position.shard();
    if (stream.isDeleted() || shard.isForgotten(world.now(), stream.retention())) {
      throw notFound(shardId);
    }
    stream.trim();
    if (position.lostForEver() && !world.isHealed()) {
      long behind = random.nextBoolean() ? 0 : 1 + random.nextInt(1000);
      return new ReadBatch(List.of(), Optional.of(reissue(position, 0)), behind, List.of());
    }
    return read(as, position, maxRecords);
  }

  private ReadBatch read(Incarnation as, Position position, int maxRecords) {
    SimulatedShard shard = position.shard();
    int from = Math.max(position.index(), shard.firstHeld());
    boolean behind = from < shard.size();
    if (behind && world.strikes(random, world.faults().emptyRead())) {
      return new ReadBatch(
          List.of(), Optional.of(reissue(position, from)), behindMillis(shard, from), List.of());
    }
    int most = 1 + random.nextInt(Math.min(LARGEST_BATCH, maxRecords));
    int to = Math.min(shard.size(), from + most);
    List<StreamRecord> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(labelled(shard.at(i).record(), as));
    }
    boolean ended = to == shard.size() && shard.isClosed();
    if (ended && (records.isEmpty() || random.nextBoolean())) {
      List<Shard> children = random.nextBoolean() ? List.of() : position.stream().children(shard);
      return new ReadBatch(
          records,
          Optional.empty(),
          0,
          children.stream().map(child -> labelled(child, as)).toList());
    }
    return new ReadBatch(
        records, Optional.of(reissue(position, to)), behindMillis(shard, to), List.of());
  }

  private long behindMillis(SimulatedShard shard, int next) {
    if (next >= shard.size()) {
      return 0;
    }
    return Math.max(1, Duration.between(shard.at(next).storedAt(), world.now()).toMillis());
  }

  private String issue(
      SimulatedStream stream, SimulatedShard shard, int index, boolean lostForEver) {
    return remember(new Position(stream, shard, index, world.now(), lostForEver));
  }

  private String reissue(Position position, int next) {
    return remember(position.movedTo(next, world.now()));
  }

  private String remember(Position position) {
    String token = "iterator-" + issued++;
    iterators.put(token, position);
    return token;
  }

  private SimulatedStream present() {
    SimulatedStream newest = newest();
    if (newest.isDeleted()) {
      throw notFound(SimulatedStream.NAME);
    }
    return newest;
  }

  private static StreamFailure notFound(String what) {
    return new StreamFailure(Kind.NOT_FOUND, what + " does not exist", null);
  }

  private static Shard labelled(Shard shard, Incarnation as) {
    return new Shard(
        new ShardKey(as.id(), shard.key().shardId()), shard.parents(), shard.hashRange());
  }

  private static StreamRecord labelled(StreamRecord record, Incarnation as) {
    return record.shard().incarnation().equals(as.id())
        ? record
        : new StreamRecord(
            new ShardKey(as.id(), record.shard().shardId()),
            record.position(),
            record.partitionKey(),
            record.arrivalTime(),
            record.payload());
  }
}
