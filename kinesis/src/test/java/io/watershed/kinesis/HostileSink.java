package io.watershed.kinesis;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.time.VirtualScheduler;
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
import java.util.concurrent.CompletableFuture;

/**
 * A target that rejects records inside a request, throttles, loses requests, loses answers, and
 * lets requests land after they have failed. It keeps what has landed, in order.
 */
final class HostileSink implements StreamSink {
  final List<PutEntry> landed = new ArrayList<>();
  final List<String> wrongs = new ArrayList<>();
  int shards = 4;
  double hostility = 0.15;
  int maxRequestsInFlight;
  int requests;
  int describes;
  long largestRequest;

  private final VirtualScheduler scheduler;
  private final Random random;
  private final Map<String, Integer> keysInFlight = new HashMap<>();
  private int inFlight;

  HostileSink(VirtualScheduler scheduler, long seed) {
    this.scheduler = scheduler;
    this.random = new Random(seed);
  }

  @Override
  public CompletableFuture<StreamDescription> describe() {
    describes++;
    return CompletableFuture.completedFuture(
        new StreamDescription(
            "target",
            new Incarnation("arn:aws:kinesis:us-east-1:123456789012:stream/target", Instant.EPOCH),
            "ACTIVE",
            Duration.ofHours(24),
            shards,
            1 << 20));
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
      if (random.nextDouble() < hostility) {
        boolean throttled = random.nextBoolean();
        results.add(
            new PutResult.Rejected(
                throttled,
                throttled ? "ProvisionedThroughputExceededException" : "InternalFailure",
                "no"));
      } else {
        landed.add(entry);
        results.add(
            new PutResult.Written("shard-0", SequenceNumber.parse("" + (1000 + landed.size()))));
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
    landed.addAll(entries);
  }

  private void later(Runnable task) {
    scheduler.schedule(Duration.ofMillis(random.nextInt(40)), task);
  }

  private void checkKeys(List<PutEntry> entries) {
    Set<String> inRequest = new HashSet<>();
    for (PutEntry entry : entries) {
      if (!inRequest.add(entry.partitionKey())) {
        wrongs.add("two records of one key in a request");
      }
      if (keysInFlight.merge(entry.partitionKey(), 1, Integer::sum) > 1) {
        wrongs.add("two unacknowledged records of one key");
      }
    }
    if (entries.isEmpty() || entries.size() > 500) {
      wrongs.add("a request of " + entries.size() + " records");
    }
  }

  private void release(List<PutEntry> entries) {
    inFlight--;
    entries.forEach(entry -> keysInFlight.merge(entry.partitionKey(), -1, Integer::sum));
  }

  /** Per key, the texts of the records in the order of their first appearance. */
  Map<String, List<String>> firstAppearances() {
    Map<String, List<String>> byKey = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (PutEntry entry : landed) {
      String text = new String(entry.payload(), StandardCharsets.UTF_8);
      if (seen.add(text)) {
        byKey.computeIfAbsent(entry.partitionKey(), k -> new ArrayList<>()).add(text);
      }
    }
    return byKey;
  }
}
