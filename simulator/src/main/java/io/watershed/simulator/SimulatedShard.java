package io.watershed.simulator;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Shard;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One shard of the model: records in order, some trimmed, until it is closed. */
final class SimulatedShard {
  private static final int NUMBER_BITS = 180;

  private final Shard shard;
  private final Instant listedFrom;
  private final List<StoredRecord> records = new ArrayList<>();
  private BigInteger lastNumber;
  private int firstHeld;
  private @Nullable Instant closedAt;

  /**
   * @param listedFrom ListShards names it from then on
   * @param above the numbers of its records are above this: its parents' last
   */
  SimulatedShard(Shard shard, Instant listedFrom, BigInteger above, Random random) {
    this.shard = shard;
    this.listedFrom = listedFrom;
    // Of shards that are not related, the numbers are comparable in no way.
    this.lastNumber = above.add(new BigInteger(NUMBER_BITS, random));
  }

  Shard shard() {
    return shard;
  }

  String id() {
    return shard.key().shardId();
  }

  Instant listedFrom() {
    return listedFrom;
  }

  boolean isListed(Instant now) {
    return !now.isBefore(listedFrom);
  }

  boolean isClosed() {
    return closedAt != null;
  }

  void close(Instant now) {
    closedAt = now;
  }

  BigInteger lastNumber() {
    return lastNumber;
  }

  /** The next record's position; positions have gaps of any size. */
  ShardPosition nextPosition(Random random) {
    int bits = random.nextInt(3) == 0 ? 60 : 3;
    lastNumber = lastNumber.add(BigInteger.ONE).add(new BigInteger(bits, random));
    return ShardPosition.of(SequenceNumber.parse(lastNumber.toString()));
  }

  void append(StoredRecord record) {
    records.add(record);
  }

  List<StoredRecord> records() {
    return Collections.unmodifiableList(records);
  }

  /** Index of the oldest record that can be read. */
  int firstHeld() {
    return firstHeld;
  }

  int size() {
    return records.size();
  }

  StoredRecord at(int index) {
    return records.get(index);
  }

  /** Index of the first record at or after this number; negative if that one is not there. */
  int indexOf(SequenceNumber number) {
    return Collections.binarySearch(
        records, null, (stored, ignored) -> sequence(stored).compareTo(number));
  }

  private static SequenceNumber sequence(@Nullable StoredRecord stored) {
    if (stored == null) {
      throw new IllegalArgumentException("only records are compared");
    }
    StreamRecord record = stored.record();
    return record.position().sequenceNumber();
  }

  /** Lets go what is older than the retention. */
  void trim(Instant now, Duration retention, boolean early) {
    Instant horizon = now.minus(retention);
    while (firstHeld < records.size() && records.get(firstHeld).storedAt().isBefore(horizon)) {
      StoredRecord oldest = records.get(firstHeld++);
      oldest.gone(early ? now : oldest.storedAt().plus(retention));
    }
  }

  /** Whether the service has forgotten it: closed for longer than the retention. */
  boolean isForgotten(Instant now, Duration retention) {
    return closedAt != null && closedAt.isBefore(now.minus(retention));
  }
}
