package io.watershed.kinesis;

import io.watershed.core.aggregate.Aggregate;
import io.watershed.core.aggregate.AggregateReader;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.HashKey;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import io.watershed.core.time.VirtualScheduler;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A target that rejects records inside a request, throttles, loses requests, loses answers, lets
 * requests land after they have failed, and is resharded. It keeps what has landed, in order.
 */
final class HostileSink implements StreamSink {
  static final Incarnation INCARNATION =
      new Incarnation("arn:aws:kinesis:us-east-1:123456789012:stream/target", Instant.EPOCH);

  final List<Landed> landed = new ArrayList<>();
  final List<String> wrongs = new ArrayList<>();
  final Set<String> throttledShards = new HashSet<>();
  double hostility = 0.15;
  int maxRequestsInFlight;
  int requests;
  int describes;
  long largestRequest;
  int packs;
  int packsAwayFromHome;

  /** So many listings still show the shards of before. */
  int listingsLag;

  private final VirtualScheduler scheduler;
  private final Random random;
  private final Map<String, Integer> keysInFlight = new HashMap<>();
  private final TreeMap<BigInteger, Shard> open = new TreeMap<>();
  private List<Shard> listed = List.of();
  private int nextShard;
  private int inFlight;

  /** A user record that has landed: where, and in which shard its key was at home then. */
  record Landed(PutEntry entry, String shardId, String home) {
    String text() {
      return new String(entry.payload(), StandardCharsets.UTF_8);
    }
  }

  HostileSink(VirtualScheduler scheduler, long seed) {
    this.scheduler = scheduler;
    this.random = new Random(seed);
    shards(4);
  }

  /** Replaces all shards by this many new ones. */
  void shards(int count) {
    open.clear();
    BigInteger size = HashKey.MAX.add(BigInteger.ONE).divide(BigInteger.valueOf(count));
    for (int i = 0; i < count; i++) {
      BigInteger first = size.multiply(BigInteger.valueOf(i));
      BigInteger last = i == count - 1 ? HashKey.MAX : first.add(size).subtract(BigInteger.ONE);
      Shard shard =
          new Shard(
              new ShardKey(INCARNATION.id(), "shard-" + nextShard++),
              List.of(),
              new HashRange(first, last));
      open.put(first, shard);
    }
  }

  /** The shard that takes the key now. */
  String home(String partitionKey) {
    return open.floorEntry(HashKey.of(partitionKey)).getValue().key().shardId();
  }

  @Override
  public CompletableFuture<StreamDescription> describe() {
    describes++;
    return CompletableFuture.completedFuture(
        new StreamDescription(
            "target", INCARNATION, "ACTIVE", Duration.ofHours(24), open.size(), 1 << 20));
  }

  @Override
  public CompletableFuture<List<Shard>> openShards() {
    if (listingsLag-- <= 0) {
      listed = List.copyOf(open.values());
    }
    return CompletableFuture.completedFuture(listed);
  }

  @Override
  public CompletableFuture<List<PutResult>> put(List<PutEntry> entries) {
    requests++;
    inFlight++;
    maxRequestsInFlight = Math.max(maxRequestsInFlight, inFlight);
    largestRequest = Math.max(largestRequest, entries.size());
    checkKeys(entries);
    CompletableFuture<List<PutResult>> answer = new CompletableFuture<>();
    double dice = random.nextDouble() / hostility;
    if (dice < 0.2) {
      later(() -> fail(entries, answer, StreamFailure.Kind.TRANSIENT)); // lost request
    } else if (dice < 0.5) {
      later(
          () -> {
            land(entries);
            later(() -> fail(entries, answer, StreamFailure.Kind.TRANSIENT)); // lost answer
          });
    } else if (dice < 0.6) {
      later(
          () -> {
            fail(entries, answer, StreamFailure.Kind.TRANSIENT);
            later(() -> land(entries)); // timed out, and landed late
          });
    } else if (dice < 0.7) {
      later(() -> fail(entries, answer, StreamFailure.Kind.THROTTLED));
    } else if (random.nextInt(4) == 0) {
      answer(entries, answer); // at once, inside the call
    } else {
      later(() -> answer(entries, answer));
    }
    return answer;
  }

  @Override
  public void close() {}

  private void answer(List<PutEntry> entries, CompletableFuture<List<PutResult>> answer) {
    List<PutResult> results = new ArrayList<>();
    for (PutEntry entry : entries) {
      boolean busy = throttledShards.contains(home(entry.partitionKey()));
      if (busy || random.nextDouble() < hostility) {
        boolean throttled = busy || random.nextBoolean();
        results.add(
            new PutResult.Rejected(
                throttled,
                throttled ? "ProvisionedThroughputExceededException" : "InternalFailure",
                "no"));
      } else {
        results.add(land(entry));
      }
    }
    release(entries);
    answer.complete(results);
  }

  private void fail(
      List<PutEntry> entries, CompletableFuture<List<PutResult>> answer, StreamFailure.Kind kind) {
    release(entries);
    answer.completeExceptionally(new StreamFailure(kind, "hostile " + kind, null));
  }

  private void land(List<PutEntry> entries) {
    entries.forEach(this::land);
  }

  private PutResult.Written land(PutEntry entry) {
    String shard = home(entry.partitionKey());
    List<PutEntry> users = users(entry);
    boolean away = false;
    for (PutEntry user : users) {
      landed.add(new Landed(user, shard, home(user.partitionKey())));
      away |= !home(user.partitionKey()).equals(shard);
    }
    packs += users.size() > 1 ? 1 : 0;
    packsAwayFromHome += away ? 1 : 0;
    return new PutResult.Written(shard, SequenceNumber.parse("" + (1000 + landed.size())));
  }

  private static List<PutEntry> users(PutEntry entry) {
    if (AggregateReader.read(entry.payload()) instanceof Aggregate.Of aggregate) {
      return aggregate.records().stream()
          .map(r -> new PutEntry(r.partitionKey(), java.util.Optional.empty(), r.payload()))
          .toList();
    }
    return List.of(entry);
  }

  private void later(Runnable task) {
    scheduler.schedule(Duration.ofMillis(random.nextInt(40)), task);
  }

  private void checkKeys(List<PutEntry> entries) {
    Set<String> inRequest = new HashSet<>();
    for (PutEntry entry : entries) {
      for (String key : keys(entry)) {
        if (!inRequest.add(key)) {
          wrongs.add("one key in two records of a request");
        }
        if (keysInFlight.merge(key, 1, Integer::sum) > 1) {
          wrongs.add("two unacknowledged records of one key");
        }
      }
    }
    if (entries.isEmpty() || entries.size() > 500) {
      wrongs.add("a request of " + entries.size() + " records");
    }
  }

  private static Set<String> keys(PutEntry entry) {
    Set<String> keys = new HashSet<>();
    users(entry).forEach(user -> keys.add(user.partitionKey()));
    return keys;
  }

  private void release(List<PutEntry> entries) {
    inFlight--;
    entries.forEach(entry -> keys(entry).forEach(key -> keysInFlight.merge(key, -1, Integer::sum)));
  }

  /** Per key, the texts of the records in the order of their first appearance. */
  Map<String, List<String>> firstAppearances() {
    return firstAppearances(landed);
  }

  /**
   * As a consumer sees them that leaves out packs with foreign keys, as the Kinesis Client Library
   * does: it loses what was nowhere but there.
   */
  Map<String, List<String>> firstAppearancesAtHome() {
    return firstAppearances(landed.stream().filter(r -> r.shardId().equals(r.home())).toList());
  }

  private static Map<String, List<String>> firstAppearances(List<Landed> records) {
    Map<String, List<String>> byKey = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (Landed record : records) {
      if (seen.add(record.text())) {
        byKey
            .computeIfAbsent(record.entry().partitionKey(), k -> new ArrayList<>())
            .add(record.text());
      }
    }
    return byKey;
  }
}
