package io.watershed.archive;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamSource;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A stream with many shards that gives as much as is asked for, at once, up to 10 MB an answer; and
 * an answer is in memory twice, as with the SDK.
 */
final class FloodSource implements StreamSource {
  private static final int MAX_ANSWER_BYTES = 10 << 20;
  private static final int PAYLOAD_BYTES = 600;
  private static final Instant CREATED = Instant.parse("2026-03-01T00:00:00Z");

  private final Incarnation incarnation;
  private final int shards;
  private final int recordsPerShard;

  FloodSource(String name, int shards, int recordsPerShard) {
    this.incarnation = new Incarnation("arn:aws:kinesis:eu-central-1:1:stream/" + name, CREATED);
    this.shards = shards;
    this.recordsPerShard = recordsPerShard;
  }

  @Override
  public CompletableFuture<StreamDescription> describe() {
    return CompletableFuture.completedFuture(
        new StreamDescription(
            "flood", incarnation, "ACTIVE", Duration.ofDays(365), shards, 1 << 20));
  }

  private ShardKey shard(int number) {
    return new ShardKey(incarnation.id(), "shardId-%012d".formatted(number));
  }

  @Override
  public CompletableFuture<List<Shard>> listShards() {
    List<Shard> all = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      BigInteger first = BigInteger.valueOf(i);
      all.add(new Shard(shard(i), List.of(), new Shard.HashRange(first, first)));
    }
    return CompletableFuture.completedFuture(all);
  }

  @Override
  public CompletableFuture<String> iterator(String shardId, StartingPoint startingPoint) {
    return CompletableFuture.completedFuture("0");
  }

  @Override
  public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
    int from = Integer.parseInt(iterator);
    int count = Math.min(recordsPerShard - from, Math.min(maxRecords, 10_000));
    count = Math.min(count, MAX_ANSWER_BYTES / PAYLOAD_BYTES);
    byte[] body = new byte[count * PAYLOAD_BYTES];
    List<StreamRecord> records = new ArrayList<>(count);
    ShardKey shard = shard(Integer.parseInt(shardId.substring("shardId-".length())));
    for (int i = 0; i < count; i++) {
      records.add(record(shard, from + i));
    }
    int next = from + count;
    ReadBatch batch =
        new ReadBatch(
            records,
            Optional.of(Integer.toString(next)),
            next == recordsPerShard ? 0 : 60_000,
            List.of());
    return CompletableFuture.supplyAsync(
        () -> body.length == 0 || body[0] == 0 ? batch : null,
        CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS));
  }

  private static StreamRecord record(ShardKey shard, int number) {
    String json = "{\"n\":" + number + ",\"text\":\"" + "x".repeat(PAYLOAD_BYTES - 40) + "\"}";
    return new StreamRecord(
        shard,
        ShardPosition.of(SequenceNumber.parse("496" + "0".repeat(45) + (10_000_000 + number))),
        "key-" + number % 100,
        CREATED.plusMillis(number),
        json.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() {}
}
