package io.watershed.kinesis;

import io.watershed.core.record.SequenceNumber;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a reader of a {@link SharedSource} is in a shard, as an iterator of that source.
 *
 * @param kind how it is given
 * @param number AT: the first record, AFTER: the last one before; else empty
 * @param id START, TIP: tells it from others of the shard; else 0
 * @param through what had arrived by then is before this place, as far as the service has said
 * @param real an iterator of the service for this place; empty if only what is kept can be read
 */
record SharedPlace(
    Kind kind, Optional<SequenceNumber> number, long id, Instant through, Optional<String> real) {
  private static final String NONE = "-";

  /** How a place is given. */
  enum Kind {
    /** By the iterator alone: the service has not said yet whether there are records. */
    START,
    /** The same, and there were none. */
    TIP,
    /** The record with the number is the first one. */
    AT,
    /** The record with the number is the last one before it. */
    AFTER
  }

  static SharedPlace start(long id, String real) {
    return new SharedPlace(Kind.START, Optional.empty(), id, Instant.EPOCH, Optional.of(real));
  }

  static SharedPlace tip(long id, Instant through, Optional<String> real) {
    return new SharedPlace(Kind.TIP, Optional.empty(), id, through, real);
  }

  static SharedPlace at(SequenceNumber number, Optional<String> real) {
    return new SharedPlace(Kind.AT, Optional.of(number), 0, Instant.EPOCH, real);
  }

  static SharedPlace after(SequenceNumber number, Instant through, Optional<String> real) {
    return new SharedPlace(Kind.AFTER, Optional.of(number), 0, through, real);
  }

  /** The text that readers keep. */
  String text() {
    return String.join(
        ":",
        kind.name(),
        number.map(SequenceNumber::padded).orElse(NONE),
        Long.toString(id),
        Long.toString(through.toEpochMilli()),
        real.orElse(NONE));
  }

  static SharedPlace parse(String text) {
    String[] parts = text.split(":", 5);
    return new SharedPlace(
        Kind.valueOf(parts[0]),
        parts[1].equals(NONE) ? Optional.empty() : Optional.of(new SequenceNumber(parts[1])),
        Long.parseLong(parts[2]),
        Instant.ofEpochMilli(Long.parseLong(parts[3])),
        parts[4].equals(NONE) ? Optional.empty() : Optional.of(parts[4]));
  }

  /** The same place, further on in what holds no records. */
  SharedPlace with(Instant newThrough, Optional<String> newReal, boolean atTip) {
    return new SharedPlace(
        kind == Kind.START && atTip ? Kind.TIP : kind, number, id, newThrough, newReal);
  }

  boolean isAfter() {
    return kind == Kind.AFTER;
  }

  /** Whether nothing was read on the way to here. */
  boolean isBeginning() {
    return kind == Kind.START || kind == Kind.TIP;
  }

  /** Whether an answer of the service has led to here, so that an empty one would say nothing. */
  boolean isUnderWay() {
    return (kind == Kind.AFTER || kind == Kind.TIP) && through.isAfter(Instant.EPOCH);
  }

  /** Whether the other one is the same place, whatever is known of it. */
  boolean isSameAs(SharedPlace other) {
    return isBeginning() == other.isBeginning()
        && isAfter() == other.isAfter()
        && number.equals(other.number)
        && id == other.id;
  }
}
