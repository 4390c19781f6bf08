package io.watershed.core.record;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;

/**
 * A place inside one shard: the outer sequence number and, for records that the KPL packed into one
 * Kinesis record, the index within it (0 otherwise). Ordered; comparable only inside one shard, or
 * for records of one partition key along one lineage (PROTOCOL 1.2).
 *
 * @param sequenceNumber the Kinesis sequence number
 * @param subSequenceNumber index in the aggregated record, from 0
 */
public record ShardPosition(SequenceNumber sequenceNumber, long subSequenceNumber)
    implements Comparable<ShardPosition> {

  public ShardPosition {
    if (subSequenceNumber < 0) {
      throw new IllegalArgumentException("sub-sequence number " + subSequenceNumber + " < 0");
    }
  }

  /** The position of a record that is not part of an aggregated one. */
  public static ShardPosition of(SequenceNumber sequenceNumber) {
    return new ShardPosition(sequenceNumber, 0);
  }

  /** Parses {@link #text()}. */
  public static ShardPosition parse(String text) {
    int dot = text.indexOf('.');
    if (dot < 0) {
      return of(SequenceNumber.parse(text));
    }
    try {
      return new ShardPosition(
          SequenceNumber.parse(text.substring(0, dot)), Long.parseLong(text.substring(dot + 1)));
    } catch (IllegalArgumentException e) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "'" + text + "' is not a shard position",
          "Write a sequence number, optionally followed by '.' and a sub-sequence number.",
          e);
    }
  }

  /** {@code <sequence>} or {@code <sequence>.<sub>}, without padding. */
  public String text() {
    return subSequenceNumber == 0
        ? sequenceNumber.decimal()
        : sequenceNumber.decimal() + "." + subSequenceNumber;
  }

  @Override
  public int compareTo(ShardPosition other) {
    int bySequence = sequenceNumber.compareTo(other.sequenceNumber);
    return bySequence != 0 ? bySequence : Long.compare(subSequenceNumber, other.subSequenceNumber);
  }

  @Override
  public String toString() {
    return text();
  }
}
