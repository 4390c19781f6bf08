package io.watershed.kinesis;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Shard;
import io.watershed.core.time.VirtualScheduler;
import io.watershed.kinesis.StreamFailure.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * One shard in memory, with retention by the virtual clock, in each of the three ways in which a
 * trimmed position has been seen to answer, and with seeded faults.
 */
final class FakeStream implements StreamSource {
  static final String SHARD_ID = "shardId-000000000000";
  static final ShardKey SHARD = new ShardKey("orders@20260101T000000.000Z", SHARD_ID);
  static final Duration ITERATOR_LIFE = Duration.ofMinutes(5);

  /** How a position that is trimmed answers. */
  enum Trimmed {
    ERROR_ON_ITERATOR,
    ERROR_ON_READ,
    HEAD_OF_STREAM,
    EMPTY_BEHIND,
    EMPTY_AT_TIP
  }

  final List<StreamRecord> records = new ArrayList<>();
  final List<StartingPoint> iteratorsAsked = new ArrayList<>();
  final List<Long> readNanos = new ArrayList<>();
  Trimmed trimmed = Trimmed.ERROR_ON_ITERATOR;
  Duration retention = Duration.ofHours(24);
  double faults;
  double emptyReads;
  int trimmedEarly;
  boolean closed;
  boolean noIterators;
  boolean refuseNextRead;

  /** How long the next read is on its way to the service. */
  Duration nextReadTakes = Duration.ZERO;

  private final VirtualScheduler scheduler;
  private final Random random;

  FakeStream(VirtualScheduler scheduler, long seed) {
    this.scheduler = scheduler;
    this.random = new Random(seed);
  }

  void put(int count) {
    for (int i = 0; i < count; i++) {
      long number = 1_000L + records.size() * 7L;
      records.add(
          new StreamRecord(
              SHARD,
              ShardPosition.of(SequenceNumber.parse(Long.toString(number))),
              "key",
              scheduler.instant(),
              new byte[] {(byte) records.size()}));
    }
  }

  /** Index of the oldest record that is still there. */
  int oldest() {
    int index = trimmedEarly;
    Instant horizon = scheduler.instant().minus(retention);
    while (index < records.size() && records.get(index).arrivalTime().isBefore(horizon)) {
      index++;
    }
    return index;
  }

  ShardPosition position(int index) {
    return records.get(index).position();
  }

  @Override
  public CompletableFuture<StreamDescription> describe() {
    return CompletableFuture.completedFuture(
        new StreamDescription(
            "orders", new Incarnation("arn", Instant.EPOCH), "ACTIVE", retention, 1, 1 << 20));
  }

  @Override
  public CompletableFuture<List<Shard>> listShards() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletableFuture<String> iterator(String shardId, StartingPoint point) {
    return answer(
        () -> {
          iteratorsAsked.add(point);
          maybeFail();
          if (noIterators) {
            throw new StreamFailure(Kind.TRANSIENT, "no iterators", null);
          }
          return resolve(point) + ":" + scheduler.nanoTime();
        });
  }

  @Override
  public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
    Duration way = nextReadTakes;
    nextReadTakes = Duration.ZERO;
    return way.isZero()
        ? readNow(iterator, maxRecords)
        : scheduler.sleep(way).thenCompose(there -> readNow(iterator, maxRecords));
  }

  private CompletableFuture<ReadBatch> readNow(String iterator, int maxRecords) {
    return answer(
        () -> {
          readNanos.add(scheduler.nanoTime());
          if (refuseNextRead) {
            refuseNextRead = false;
            throw new StreamFailure(Kind.THROTTLED, "too much", null);
          }
          maybeFail();
          String[] parts = iterator.split(":");
          if (scheduler.nanoTime() - Long.parseLong(parts[1]) > ITERATOR_LIFE.toNanos()
              || random.nextDouble() < faults / 3) {
            throw new StreamFailure(Kind.ITERATOR_EXPIRED, "expired", null);
          }
          return readAt(parts[0], maxRecords);
        });
  }

  @Override
  public void close() {}

  private String resolve(StartingPoint point) {
    if (point instanceof StartingPoint.At at) {
      return resolve(at.sequenceNumber(), 0);
    }
    if (point instanceof StartingPoint.After after) {
      return resolve(after.sequenceNumber(), 1);
    }
    if (point instanceof StartingPoint.Latest) {
      return "" + records.size();
    }
    if (point instanceof StartingPoint.AtTimestamp at) {
      int index = oldest();
      while (index < records.size() && records.get(index).arrivalTime().isBefore(at.time())) {
        index++;
      }
      return "" + index;
    }
    return "" + oldest();
  }

  private String resolve(SequenceNumber number, int offset) {
    int index = 0;
    while (records.get(index).position().sequenceNumber().compareTo(number) < 0) {
      index++;
    }
    if (index >= oldest()) {
      return "" + (index + offset);
    }
    return switch (trimmed) {
      case ERROR_ON_ITERATOR -> throw new StreamFailure(Kind.POSITION_REFUSED, "trimmed", null);
      case ERROR_ON_READ -> "error";
      case HEAD_OF_STREAM -> "" + oldest();
      case EMPTY_BEHIND -> "behind";
      case EMPTY_AT_TIP -> "tip";
    };
  }

  private ReadBatch readAt(String place, int maxRecords) {
    String now = ":" + scheduler.nanoTime();
    if (place.equals("error")) {
      throw new StreamFailure(Kind.POSITION_REFUSED, "trimmed", null);
    }
    if (place.equals("behind") || place.equals("tip")) {
      return new ReadBatch(
          List.of(), Optional.of(place + now), place.equals("tip") ? 0 : 5_000, List.of());
    }
    int from = Math.max(Integer.parseInt(place), oldest());
    if (from < records.size() && random.nextDouble() < emptyReads) {
      return new ReadBatch(List.of(), Optional.of(from + now), behind(from), List.of());
    }
    int to = Math.min(records.size(), from + Math.min(maxRecords, 1 + random.nextInt(10)));
    boolean end = closed && to == records.size();
    return new ReadBatch(
        List.copyOf(records.subList(Math.min(from, to), to)),
        end ? Optional.empty() : Optional.of(to + now),
        behind(to),
        List.of());
  }

  private long behind(int next) {
    return next >= records.size()
        ? 0
        : Math.max(
            1, Duration.between(records.get(next).arrivalTime(), scheduler.instant()).toMillis());
  }

  private void maybeFail() {
    double dice = random.nextDouble();
    if (dice < faults / 2) {
      throw new StreamFailure(Kind.THROTTLED, "throttled", null);
    }
    if (dice < faults) {
      throw new StreamFailure(Kind.TRANSIENT, "500", null);
    }
  }

  private <T> CompletableFuture<T> answer(java.util.function.Supplier<T> request) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Runnable run =
        () -> {
          try {
            answer.complete(request.get());
          } catch (StreamFailure e) {
            answer.completeExceptionally(e);
          }
        };
    if (random.nextBoolean()) {
      run.run();
    } else {
      scheduler.schedule(Duration.ofMillis(random.nextInt(20)), run);
    }
    return answer;
  }
}
