package io.watershed.core.aggregate;

/**
 * Protobuf's wire format over a range of bytes: field by field, without copies
 * (https://protobuf.dev/programming-guides/encoding). Groups, which nobody writes any more, are
 * refused.
 */
final class WireReader {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;
  private static final int LAST_SHIFT = 63;

  private final byte[] bytes;
  private int at;
  private int end;
  private int field;
  private int type;
  private long number;
  private int from;
  private int to;

  WireReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Reads this range from now on. */
  WireReader over(int rangeFrom, int rangeTo) {
    at = rangeFrom;
    end = rangeTo;
    return this;
  }

  /** Goes to the next field; false at the end of the range. */
  boolean next() throws BrokenAggregate {
    if (at == end) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    type = (int) (tag & 7);
    if (tag >>> 32 != 0 || field == 0) {
      throw new BrokenAggregate(AggregateProblem.MALFORMED);
    }
    switch (type) {
      case VARINT -> number = varint();
      case FIXED_64 -> range(8);
      case FIXED_32 -> range(4);
      case BYTES -> range(varint());
      default -> throw new BrokenAggregate(AggregateProblem.MALFORMED);
    }
    return true;
  }

  /** Whether the field at hand is this one, with a number. */
  boolean isNumber(int wanted) {
    return field == wanted && type == VARINT;
  }

  /** Whether the field at hand is this one, with bytes. */
  boolean isBytes(int wanted) {
    return field == wanted && type == BYTES;
  }

  /** The number at hand, unsigned. */
  long number() {
    return number;
  }

  /** Where the bytes at hand begin. */
  int from() {
    return from;
  }

  /** Where the bytes at hand end. */
  int to() {
    return to;
  }

  private void range(long length) throws BrokenAggregate {
    if (length < 0 || length > end - at) {
      throw new BrokenAggregate(AggregateProblem.LENGTH);
    }
    from = at;
    at += (int) length;
    to = at;
  }

  /** At most 64 bits; a number with more is refused, as is one that does not end. */
  private long varint() throws BrokenAggregate {
    long value = 0;
    for (int shift = 0; shift <= LAST_SHIFT && at < end; shift += 7) {
      byte next = bytes[at++];
      if (shift == LAST_SHIFT && (next & 0xfe) != 0) {
        break;
      }
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new BrokenAggregate(AggregateProblem.MALFORMED);
  }
}
