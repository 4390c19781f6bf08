package io.watershed.query.follow;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * How far one shard is followed.
 *
 * @param after whole Kinesis records up to here are done; END if all of them are
 * @param delivered the last record that is done; beyond {@code after} in the middle of an
 *     aggregated record or of a part that the archive delivers
 * @param begin with START: only records from about this time on are wanted, or where a shard was
 *     joined at its tip and gave nothing since
 * @param completeThrough everything that arrived up to here is done, as in a checkpoint
 * @param lastArrival when the record at {@code after} had arrived
 */
record ShardPlace(
    After after,
    Optional<ShardPosition> delivered,
    Optional<Instant> begin,
    Optional<Instant> completeThrough,
    Optional<Instant> lastArrival) {
  /** Nothing is done; nothing is promised either. */
  static final ShardPlace START =
      new ShardPlace(
          new After.Start(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** Nothing is done of a shard that cannot hold anything older than this. */
  static ShardPlace startAfter(Optional<Instant> completeThrough) {
    return new ShardPlace(
        new After.Start(), Optional.empty(), Optional.empty(), completeThrough, Optional.empty());
  }

  /** Begins at about this time. */
  static ShardPlace beginAt(Instant time) {
    return new ShardPlace(
        new After.Start(), Optional.empty(), Optional.of(time), Optional.empty(), Optional.empty());
  }

  /** Everything up to this position is done, and nothing is known of when it arrived. */
  static ShardPlace after(ShardPosition position) {
    return new ShardPlace(
        new After.At(position),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  boolean isEnd() {
    return after.isEnd();
  }

  /** The last position that is done, exactly. */
  Optional<ShardPosition> last() {
    Optional<ShardPosition> whole = after.lastPosition();
    return delivered.filter(d -> whole.isEmpty() || d.compareTo(whole.get()) > 0).or(() -> whole);
  }

  /**
   * This record and all before it are delivered; maybe not all of its Kinesis record.
   *
   * @param previous the record that was delivered before it, if any: when another Kinesis record
   *     has begun, that one is done
   */
  ShardPlace delivered(StreamRecord record, Optional<StreamRecord> previous) {
    ShardPlace whole =
        previous
            .filter(p -> !after.covers(p.position()))
            .filter(p -> isBefore(p, record))
            .map(this::through)
            .orElse(this);
    return new ShardPlace(
        whole.after,
        Optional.of(record.position()),
        whole.begin,
        whole.completeThrough,
        whole.lastArrival);
  }

  private static boolean isBefore(StreamRecord one, StreamRecord other) {
    return one.position().sequenceNumber().compareTo(other.position().sequenceNumber()) < 0;
  }

  /** Everything up to this record is done, its whole Kinesis record included. */
  ShardPlace through(StreamRecord record) {
    return new ShardPlace(
        new After.At(record.position()),
        Optional.empty(),
        Optional.empty(),
        completeThrough,
        Optional.of(record.arrivalTime()));
  }

  /** A read shows that everything that arrived up to then is done. */
  ShardPlace complete(Instant through) {
    return completeThrough.filter(known -> !known.isBefore(through)).isPresent()
        ? this
        : new ShardPlace(after, delivered, begin, Optional.of(through), lastArrival);
  }

  /** The shard is done. */
  ShardPlace ended() {
    return new ShardPlace(
        new After.End(last()), Optional.empty(), Optional.empty(), completeThrough, lastArrival);
  }
}
