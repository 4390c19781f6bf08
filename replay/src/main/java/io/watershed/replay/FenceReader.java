package io.watershed.replay;

import io.watershed.consumer.Position;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.Retries;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamSource;
import io.watershed.replay.Fences.Fence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Finds the last record of each of a target's shards. Kinesis does not tell it, so it is read: from
 * a little back to the tip, and from further back if there is nothing. A shard that has no record
 * yet has its parents' last one, which is below all of its own.
 */
final class FenceReader {
  /** Everything inside one aggregated record is before the fence. */
  private static final long LAST_SUB = Integer.MAX_VALUE;

  private static final List<Duration> LOOK_BACK =
      List.of(Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofHours(1));
  private static final int BATCH_RECORDS = 10_000;

  private final StreamSource target;
  private final Scheduler clock;
  private final Retries retries;

  FenceReader(StreamSource target, Scheduler clock, RandomGenerator random) {
    this.target = target;
    this.clock = clock;
    this.retries = new Retries(ShardReadSettings.DEFAULTS.retry(), clock, random);
  }

  /**
   * Reads the fences of these shards.
   *
   * @throws WatershedException {@code refused} if a shard's last record is not known: it is older
   *     than the retention
   */
  Fences read(StreamDescription description, List<Shard> open) {
    Instant begin = clock.instant();
    Lineage lineage = Lineage.of(await(target::listShards)).plus(open);
    Map<Shard, Optional<SequenceNumber>> known = new HashMap<>();
    boolean nothingTrimmed =
        description.incarnation().createdAt().plus(description.retention()).isAfter(begin);
    List<Fence> fences = new ArrayList<>();
    for (Shard shard : open) {
      SequenceNumber last =
          last(shard, lineage, begin, known)
              .or(() -> nothingTrimmed ? Optional.of(SequenceNumber.parse("0")) : Optional.empty())
              .orElseThrow(() -> unknown(description, shard));
      fences.add(
          new Fence(
              shard.hashRange(),
              new Position(
                  description.incarnation().id(),
                  shard.key().shardId(),
                  last.decimal(),
                  LAST_SUB)));
    }
    return new Fences(fences);
  }

  private Optional<SequenceNumber> last(
      Shard shard, Lineage lineage, Instant begin, Map<Shard, Optional<SequenceNumber>> known) {
    Optional<SequenceNumber> before = known.get(shard);
    if (before != null) {
      return before;
    }
    Optional<SequenceNumber> last = lastIn(shard, begin);
    if (last.isEmpty()) {
      last =
          lineage.parents(shard).stream()
              .flatMap(parent -> last(parent, lineage, begin, known).stream())
              .max(SequenceNumber::compareTo);
    }
    known.put(shard, last);
    return last;
  }

  private Optional<SequenceNumber> lastIn(Shard shard, Instant begin) {
    for (Duration back : LOOK_BACK) {
      Optional<SequenceNumber> last =
          lastFrom(shard, new StartingPoint.AtTimestamp(begin.minus(back)), begin);
      if (last.isPresent()) {
        return last;
      }
    }
    return lastFrom(shard, new StartingPoint.TrimHorizon(), begin);
  }

  /** Reads to the tip, or to what arrived after the run began. */
  private Optional<SequenceNumber> lastFrom(Shard shard, StartingPoint from, Instant begin) {
    String id = shard.key().shardId();
    Optional<String> iterator = Optional.of(await(() -> target.iterator(id, from)));
    Optional<SequenceNumber> last = Optional.empty();
    while (iterator.isPresent()) {
      String at = iterator.get();
      ReadBatch batch = await(() -> target.read(id, at, BATCH_RECORDS));
      boolean pastBegin = false;
      for (StreamRecord record : batch.records()) {
        last = Optional.of(record.position().sequenceNumber());
        pastBegin = record.arrivalTime().isAfter(begin);
      }
      iterator = batch.atTip() || pastBegin ? Optional.empty() : batch.nextIterator();
    }
    return last;
  }

  private static WatershedException unknown(StreamDescription target, Shard shard) {
    return new WatershedException(
        ErrorCode.REFUSED,
        "Nobody can say where shard "
            + shard.key().shardId()
            + " of "
            + target.name()
            + " is: its last record is older than the stream's retention",
        "A replay that overwrites needs that. Put one record with a partition key of that shard"
            + " into the stream, then run the plan again.");
  }

  private <T> T await(Supplier<CompletableFuture<T>> call) {
    return StreamFailure.join(retries.call(call));
  }
}
