package io.watershed.simulator;

import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** One incarnation of the stream: its shards, and how they split and merge. */
final class SimulatedStream {
  static final String NAME = "orders";
  private static final BigInteger HASHES = BigInteger.ONE.shiftLeft(128);

  private final World world;
  private final Random random;
  private final Incarnation incarnation;
  private final Duration retention;
  private final SortedMap<String, SimulatedShard> shards = new TreeMap<>();
  private boolean deleted;

  SimulatedStream(World world, Random random, Duration retention, int shardCount) {
    this.world = world;
    this.random = random;
    this.retention = retention;
    this.incarnation =
        new Incarnation("arn:aws:kinesis:eu-central-1:000000000000:stream/" + NAME, world.now());
    BigInteger width = HASHES.divide(BigInteger.valueOf(shardCount));
    for (int i = 0; i < shardCount; i++) {
      BigInteger first = width.multiply(BigInteger.valueOf(i));
      BigInteger last = (i == shardCount - 1 ? HASHES : first.add(width)).subtract(BigInteger.ONE);
      add(List.of(), new HashRange(first, last), world.now());
    }
  }

  Incarnation incarnation() {
    return incarnation;
  }

  Duration retention() {
    return retention;
  }

  Collection<SimulatedShard> shards() {
    return shards.values();
  }

  Optional<SimulatedShard> shard(String id) {
    return Optional.ofNullable(shards.get(id));
  }

  List<SimulatedShard> openShards() {
    return shards.values().stream()
        .filter(shard -> !shard.isClosed())
        .sorted(Comparator.comparing(shard -> shard.shard().hashRange().first()))
        .toList();
  }

  boolean isDeleted() {
    return deleted;
  }

  void delete() {
    deleted = true;
    shards.values().forEach(shard -> shard.records().forEach(record -> record.gone(world.now())));
  }

  /** Stores a record in the shard that owns its key. */
  StoredRecord put(String key, byte[] payload, long number, boolean copyOfArchived) {
    BigInteger hash = hash(key);
    SimulatedShard owner =
        openShards().stream()
            .filter(shard -> shard.shard().hashRange().contains(hash))
            .findFirst()
            .orElseThrow();
    long error = world.faults().arrivalError().toMillis();
    long off = error == 0 ? 0 : random.nextLong(2 * error + 1) - error;
    Instant arrival = Instant.ofEpochMilli(world.now().plusMillis(off).toEpochMilli());
    StreamRecord record =
        new StreamRecord(owner.shard().key(), owner.nextPosition(random), key, arrival, payload);
    StoredRecord stored = new StoredRecord(record, world.now(), number, copyOfArchived);
    owner.append(stored);
    return stored;
  }

  /** Trims what is due. */
  void trim() {
    shards.values().forEach(shard -> shard.trim(world.now(), retention, false));
  }

  /**
   * As if the retention had been this short for a moment.
   *
   * @param where only there: in a shard of which nothing is archived yet nobody could notice it
   */
  void trimEarly(Duration shorter, Predicate<ShardKey> where) {
    shards.values().stream()
        .filter(shard -> where.test(shard.shard().key()))
        .forEach(shard -> shard.trim(world.now(), shorter, true));
  }

  boolean split(SimulatedShard parent) {
    HashRange range = parent.shard().hashRange();
    BigInteger middle = range.first().add(range.last()).shiftRight(1);
    if (middle.equals(range.last())) {
      return false;
    }
    parent.close(world.now());
    add(List.of(parent), new HashRange(range.first(), middle), listed());
    add(List.of(parent), new HashRange(middle.add(BigInteger.ONE), range.last()), listed());
    return true;
  }

  void merge(SimulatedShard lower, SimulatedShard upper) {
    lower.close(world.now());
    upper.close(world.now());
    HashRange range =
        new HashRange(lower.shard().hashRange().first(), upper.shard().hashRange().last());
    add(List.of(lower, upper), range, listed());
  }

  private Instant listed() {
    return world.isHealed()
        ? world.now()
        : world.now().plus(World.upTo(random, world.faults().lateShards()));
  }

  private void add(List<SimulatedShard> parents, HashRange range, Instant listedFrom) {
    String id = String.format("shardId-%012d", shards.size());
    BigInteger above =
        parents.stream()
            .map(SimulatedShard::lastNumber)
            .max(Comparator.naturalOrder())
            .orElse(BigInteger.ZERO);
    // A listing may be late, but it never names a child before its parents.
    Instant afterParents =
        parents.stream()
            .map(SimulatedShard::listedFrom)
            .filter(listedFrom::isBefore)
            .max(Comparator.naturalOrder())
            .orElse(listedFrom);
    Shard shard =
        new Shard(
            new ShardKey(incarnation.id(), id),
            parents.stream().map(SimulatedShard::id).toList(),
            range);
    shards.put(id, new SimulatedShard(shard, afterParents, above, random));
  }

  /** Shards that ListShards names now. */
  List<Shard> listed(boolean complete) {
    List<Shard> listed = new ArrayList<>();
    for (SimulatedShard shard : shards.values()) {
      boolean named = complete || shard.isListed(world.now());
      if (named && !shard.isForgotten(world.now(), retention)) {
        listed.add(shard.shard());
      }
    }
    return listed;
  }

  /** Children of a closed shard. */
  List<Shard> children(SimulatedShard parent) {
    return shards.values().stream()
        .map(SimulatedShard::shard)
        .filter(shard -> shard.parents().contains(parent.id()))
        .toList();
  }

  private static BigInteger hash(String key) {
    try {
      byte[] md5 = MessageDigest.getInstance("MD5").digest(key.getBytes(StandardCharsets.UTF_8));
      return new BigInteger(1, md5);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
