package io.watershed.bench;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.HashKey;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import io.watershed.kinesis.PutEntry;
import io.watershed.kinesis.PutResult;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamSink;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A target in this process that takes everything at once: what is left is the replay's own cost.
 */
final class CannedSink implements StreamSink {
  private static final Incarnation INCARNATION =
      new Incarnation("arn:aws:kinesis:us-east-1:000000000000:stream/canned", Instant.EPOCH);
  private static final long MAX_RECORD_BYTES = 1 << 20;

  private final TreeMap<BigInteger, Shard> shards = new TreeMap<>();
  private final ExecutorService answers =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "canned-answers");
            thread.setDaemon(true);
            return thread;
          });
  private final SequenceNumber number = SequenceNumber.parse("1");

  CannedSink(int count) {
    BigInteger size = HashKey.MAX.add(BigInteger.ONE).divide(BigInteger.valueOf(count));
    for (int i = 0; i < count; i++) {
      BigInteger first = size.multiply(BigInteger.valueOf(i));
      BigInteger last = i == count - 1 ? HashKey.MAX : first.add(size).subtract(BigInteger.ONE);
      shards.put(
          first,
          new Shard(
              new ShardKey(INCARNATION.id(), "shardId-" + i),
              List.of(),
              new HashRange(first, last)));
    }
  }

  @Override
  public CompletableFuture<StreamDescription> describe() {
    return CompletableFuture.completedFuture(
        new StreamDescription(
            "canned", INCARNATION, "ACTIVE", Duration.ofDays(1), shards.size(), MAX_RECORD_BYTES));
  }

  @Override
  public CompletableFuture<List<Shard>> openShards() {
    return CompletableFuture.completedFuture(List.copyOf(shards.values()));
  }

  /** Answers on another thread, as a client does; so requests are filled meanwhile. */
  @Override
  public CompletableFuture<List<PutResult>> put(List<PutEntry> entries) {
    return CompletableFuture.supplyAsync(() -> answer(entries), answers);
  }

  private List<PutResult> answer(List<PutEntry> entries) {
    List<PutResult> results = new ArrayList<>(entries.size());
    for (PutEntry entry : entries) {
      String shard = shards.floorEntry(HashKey.of(entry.partitionKey())).getValue().key().shardId();
      results.add(new PutResult.Written(shard, number));
    }
    return results;
  }

  @Override
  public void close() {
    answers.shutdownNow();
  }
}
