package io.watershed.localkinesis;

import io.watershed.core.stream.HashKey;
import io.watershed.core.stream.Shard.HashRange;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** One incarnation of a stream: its shards and settings. Guarded by the account's lock. */
final class LocalStream {
  static final int MIN_RETENTION_HOURS = 24;
  static final int MAX_RETENTION_HOURS = 8_760;
  static final BigInteger MAX_HASH = HashKey.MAX;

  private static final long MILLIS_PER_HOUR = 3_600_000;

  /** The stream modes of the service. Only reported: shards never grow by themselves. */
  enum Mode {
    PROVISIONED,
    ON_DEMAND
  }

  private final String name;
  private final String arn;
  private final Mode mode;
  private final long createdMillis;
  private final long activeAtMillis;
  private final HeldBytes held;
  private final Mischief mischief;
  private final TreeMap<Integer, LocalShard> shards = new TreeMap<>();
  private final TreeMap<BigInteger, LocalShard> openByFirstHash = new TreeMap<>();
  private int nextShardIndex;
  private int retentionHours = MIN_RETENTION_HOURS;
  private int maxRecordKib;
  private long busyUntilMillis;
  private OptionalLong deletedAtMillis = OptionalLong.empty();

  LocalStream(
      String name,
      String arn,
      Mode mode,
      int shardCount,
      int maxRecordKib,
      long createdMillis,
      long activeAtMillis,
      HeldBytes held,
      Mischief mischief) {
    this.name = name;
    this.arn = arn;
    this.mode = mode;
    this.maxRecordKib = maxRecordKib;
    this.createdMillis = createdMillis;
    this.activeAtMillis = activeAtMillis;
    this.busyUntilMillis = activeAtMillis;
    this.held = held;
    this.mischief = mischief;
    uniformRanges(shardCount)
        .forEach(
            range -> open(List.of(), range, createdMillis, mischief.numberSecond(createdMillis)));
  }

  /** Divides the hash space evenly. */
  static List<HashRange> uniformRanges(int count) {
    BigInteger size = BigInteger.ONE.shiftLeft(128).divide(BigInteger.valueOf(count));
    List<HashRange> ranges = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      BigInteger first = size.multiply(BigInteger.valueOf(i));
      BigInteger last = i == count - 1 ? MAX_HASH : first.add(size).subtract(BigInteger.ONE);
      ranges.add(new HashRange(first, last));
    }
    return ranges;
  }

  String name() {
    return name;
  }

  String arn() {
    return arn;
  }

  Mode mode() {
    return mode;
  }

  long createdMillis() {
    return createdMillis;
  }

  int retentionHours() {
    return retentionHours;
  }

  void retentionHours(int hours) {
    retentionHours = hours;
  }

  int maxRecordKib() {
    return maxRecordKib;
  }

  void maxRecordKib(int kib) {
    maxRecordKib = kib;
  }

  /** {@code CREATING}, {@code ACTIVE}, {@code UPDATING} or {@code DELETING}. */
  String status(long nowMillis) {
    if (deletedAtMillis.isPresent()) {
      return "DELETING";
    }
    if (nowMillis < activeAtMillis) {
      return "CREATING";
    }
    return nowMillis < busyUntilMillis ? "UPDATING" : "ACTIVE";
  }

  void busyUntil(long millis) {
    busyUntilMillis = millis;
  }

  void deleteAt(long millis) {
    deletedAtMillis = OptionalLong.of(millis);
  }

  boolean isGone(long nowMillis) {
    return deletedAtMillis.isPresent() && deletedAtMillis.getAsLong() <= nowMillis;
  }

  /** Every shard that is not forgotten yet, oldest first. */
  List<LocalShard> shards() {
    return List.copyOf(shards.values());
  }

  /** What listings show: shards that are new stay out for a while if the endpoint is hostile. */
  List<LocalShard> listedShards(long nowMillis) {
    long newest = nowMillis - mischief.hostility().listingDelay().toMillis();
    return shards.values().stream()
        .filter(shard -> shard.parents().isEmpty() || shard.createdMillis() <= newest)
        .toList();
  }

  List<LocalShard> openShards() {
    return List.copyOf(openByFirstHash.values());
  }

  int openShardCount() {
    return openByFirstHash.size();
  }

  Optional<LocalShard> shard(int index) {
    return Optional.ofNullable(shards.get(index));
  }

  LocalShard openShardFor(BigInteger hashKey) {
    Map.Entry<BigInteger, LocalShard> entry = openByFirstHash.floorEntry(hashKey);
    if (entry == null) {
      throw new IllegalStateException("open shards cover every hash key");
    }
    return entry.getValue();
  }

  long trimHorizonMillis(long nowMillis) {
    return Math.max(createdMillis, nowMillis - retentionHours * MILLIS_PER_HOUR);
  }

  /** Trims what is older than the retention; forgets shards that closed before it. */
  void expire(long nowMillis) {
    shards.values().forEach(shard -> expire(shard, nowMillis));
    long horizon = nowMillis - retentionHours * MILLIS_PER_HOUR;
    shards
        .values()
        .removeIf(
            shard ->
                shard.closedMillis().isPresent()
                    && shard.closedMillis().getAsLong() < horizon
                    && shard.log().isEmpty());
  }

  /** Trims one shard. */
  void expire(LocalShard shard, long nowMillis) {
    long horizon = nowMillis - retentionHours * MILLIS_PER_HOUR;
    shard.log().trimWhile(entry -> entry.storedMillis() < horizon);
  }

  /** Splits an open shard; the second child starts at this hash key. */
  void split(LocalShard shard, BigInteger secondStart, long nowMillis) {
    HashRange range = shard.hashRange();
    replace(
        List.of(shard),
        List.of(
            new HashRange(range.first(), secondStart.subtract(BigInteger.ONE)),
            new HashRange(secondStart, range.last())),
        nowMillis);
  }

  /** Merges two open shards, the second of which begins where the first ends. */
  void merge(LocalShard first, LocalShard second, long nowMillis) {
    replace(
        List.of(first, second),
        List.of(new HashRange(first.hashRange().first(), second.hashRange().last())),
        nowMillis);
  }

  /**
   * Reshards to uniform ranges by splits and merges of two, as the service does: cuts at each
   * target boundary first, then merges what lies between two boundaries.
   */
  void scaleTo(int count, long nowMillis) {
    List<HashRange> targets = uniformRanges(count);
    for (HashRange target : targets) {
      LocalShard holder = openShardFor(target.first());
      if (!holder.hashRange().first().equals(target.first())) {
        split(holder, target.first(), nowMillis);
      }
    }
    for (HashRange target : targets) {
      LocalShard merged = openShardFor(target.first());
      while (!merged.hashRange().last().equals(target.last())) {
        LocalShard next = openShardFor(merged.hashRange().last().add(BigInteger.ONE));
        merge(merged, next, nowMillis);
        merged = openShardFor(target.first());
      }
    }
  }

  /** Lets go of all records, for the count of what is held. */
  void release() {
    shards.values().forEach(shard -> shard.log().trimWhile(entry -> true));
  }

  private void replace(List<LocalShard> parents, List<HashRange> ranges, long nowMillis) {
    parents.forEach(parent -> openByFirstHash.remove(parent.hashRange().first()));
    long parentSecond = parents.stream().mapToLong(LocalShard::numberSecond).max().orElseThrow();
    List<LocalShard> children = new ArrayList<>();
    for (HashRange range : ranges) {
      long second = Math.max(mischief.numberSecond(nowMillis), parentSecond + 1);
      children.add(open(parents, range, nowMillis, second));
    }
    parents.forEach(parent -> parent.close(nowMillis, children));
  }

  private LocalShard open(
      List<LocalShard> parents, HashRange range, long nowMillis, long numberSecond) {
    LocalShard shard =
        new LocalShard(nextShardIndex++, parents, range, nowMillis, numberSecond, held);
    shards.put(shard.index(), shard);
    openByFirstHash.put(range.first(), shard);
    return shard;
  }
}
