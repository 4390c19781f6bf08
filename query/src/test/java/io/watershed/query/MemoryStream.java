package io.watershed.query;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamFailure.Kind;
import io.watershed.kinesis.StreamSource;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A stream in memory whose arrival times, shards and batches a test decides. One thread. */
final class MemoryStream implements StreamSource {
  private final Incarnation incarnation;
  private final TreeMap<String, Held> shards = new TreeMap<>();
  private final int batch;
  private long lastNumber = 1_000;

  /** Ids of shards that a listing does not name any more. */
  final Set<String> unlisted = new TreeSet<>();

  final TreeMap<String, Integer> readsOf = new TreeMap<>();
  int reads;

  private static final class Held {
    final Shard shard;
    final List<StreamRecord> records = new ArrayList<>();
    int first;
    boolean closed;

    Held(Shard shard) {
      this.shard = shard;
    }
  }

  /**
   * @param batch records of an answer, at most
   */
  MemoryStream(String name, int shardCount, int batch) {
    this(name, Instant.parse("2026-01-01T00:00:00Z"), shardCount, batch);
  }

  /** Another life of the stream. */
  MemoryStream(String name, Instant createdAt, int shardCount, int batch) {
    this.incarnation =
        new Incarnation("arn:aws:kinesis:eu-central-1:000000000000:stream/" + name, createdAt);
    this.batch = batch;
    for (int i = 0; i < shardCount; i++) {
      add(
          List.of(),
          new HashRange(BigInteger.valueOf(100L * i), BigInteger.valueOf(100L * i + 99)));
    }
  }

  private String add(List<String> parents, HashRange range) {
    String id = String.format("shardId-%012d", shards.size());
    shards.put(id, new Held(new Shard(new ShardKey(incarnation.id(), id), parents, range)));
    return id;
  }

  ShardKey key(int shard) {
    return new ShardKey(incarnation.id(), String.format("shardId-%012d", shard));
  }

  private Held held(int shard) {
    return shards.get(key(shard).shardId());
  }

  StreamRecord put(int shard, Instant arrival, String payload) {
    return put(shard, arrival, payload.getBytes(StandardCharsets.UTF_8));
  }

  StreamRecord put(int shard, Instant arrival, byte[] payload) {
    lastNumber += 7;
    return put(shard, "k" + shard, 0, arrival, payload);
  }

  /** Puts records as one aggregated record under one key: they share a sequence number. */
  void putAll(int shard, String key, Instant arrival, List<String> payloads) {
    lastNumber += 7;
    for (int sub = 0; sub < payloads.size(); sub++) {
      StreamRecord unused =
          put(shard, key, sub, arrival, payloads.get(sub).getBytes(StandardCharsets.UTF_8));
    }
  }

  private StreamRecord put(int shard, String key, long sub, Instant arrival, byte[] payload) {
    StreamRecord record =
        new StreamRecord(
            key(shard),
            new ShardPosition(SequenceNumber.parse(Long.toString(lastNumber)), sub),
            key,
            arrival,
            payload);
    held(shard).records.add(record);
    return record;
  }

  /** The open shard that owns a hash key, of 0 to 100 times the number of shards at first. */
  int owner(long hashKey) {
    BigInteger wanted = BigInteger.valueOf(hashKey);
    for (int shard = 0; shard < shards.size(); shard++) {
      HashRange range = held(shard).shard.hashRange();
      if (isOpen(shard)
          && range.first().compareTo(wanted) <= 0
          && range.last().compareTo(wanted) >= 0) {
        return shard;
      }
    }
    throw new IllegalArgumentException("nobody owns " + hashKey);
  }

  /** Ends every shard, as the deletion of the stream does. */
  void end() {
    shards.values().forEach(held -> held.closed = true);
  }

  void split(int shard) {
    Held parent = held(shard);
    parent.closed = true;
    BigInteger first = parent.shard.hashRange().first();
    BigInteger last = parent.shard.hashRange().last();
    BigInteger middle = first.add(last).shiftRight(1);
    List<String> parents = List.of(parent.shard.key().shardId());
    add(parents, new HashRange(first, middle));
    add(parents, new HashRange(middle.add(BigInteger.ONE), last));
  }

  void merge(int lower, int upper) {
    held(lower).closed = true;
    held(upper).closed = true;
    add(
        List.of(key(lower).shardId(), key(upper).shardId()),
        new HashRange(held(lower).shard.hashRange().first(), held(upper).shard.hashRange().last()));
  }

  boolean isOpen(int shard) {
    return !held(shard).closed;
  }

  int shardCount() {
    return shards.size();
  }

  List<Shard> allShards() {
    return shards.values().stream().map(held -> held.shard).toList();
  }

  List<StreamRecord> records(ShardKey shard) {
    return List.copyOf(shards.get(shard.shardId()).records);
  }

  /** Trims all but the newest so many records of a shard. */
  void trim(int shard, int keep) {
    Held held = held(shard);
    held.first = Math.max(held.first, held.records.size() - keep);
  }

  @Override
  public CompletableFuture<StreamDescription> describe() {
    return answer(
        () ->
            new StreamDescription(
                "orders", incarnation, "ACTIVE", Duration.ofDays(1), shards.size(), 1 << 20));
  }

  @Override
  public CompletableFuture<List<Shard>> listShards() {
    return answer(
        () ->
            allShards().stream()
                .filter(shard -> !unlisted.contains(shard.key().shardId()))
                .toList());
  }

  @Override
  public CompletableFuture<String> iterator(String shardId, StartingPoint point) {
    return answer(() -> Integer.toString(index(shards.get(shardId), point)));
  }

  private static int index(Held held, StartingPoint point) {
    if (point instanceof StartingPoint.At at) {
      return index(held, at.sequenceNumber(), 0);
    }
    if (point instanceof StartingPoint.After after) {
      return index(held, after.sequenceNumber(), 1);
    }
    return point instanceof StartingPoint.Latest ? held.records.size() : held.first;
  }

  private static int index(Held held, SequenceNumber number, int plus) {
    int after = -1;
    for (int i = held.first; i < held.records.size(); i++) {
      if (held.records.get(i).position().sequenceNumber().equals(number)) {
        if (plus == 0) {
          return i;
        }
        after = i + 1;
      }
    }
    if (after >= 0) {
      return after;
    }
    throw new StreamFailure(Kind.POSITION_REFUSED, "the position is not there", null);
  }

  @Override
  public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
    reads++;
    readsOf.merge(shardId, 1, Integer::sum);
    return answer(() -> read(shards.get(shardId), Integer.parseInt(iterator), maxRecords));
  }

  private ReadBatch read(Held held, int index, int maxRecords) {
    int from = Math.max(index, held.first);
    int to = Math.min(held.records.size(), from + Math.min(batch, maxRecords));
    boolean tip = to == held.records.size();
    return new ReadBatch(
        held.records.subList(from, to),
        tip && held.closed ? Optional.empty() : Optional.of(Integer.toString(to)),
        tip ? 0 : 1_000L * (held.records.size() - to),
        List.of());
  }

  private static <T> CompletableFuture<T> answer(Supplier<T> value) {
    try {
      return CompletableFuture.completedFuture(value.get());
    } catch (StreamFailure e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public void close() {}
}
