package io.watershed.core.payload;

import java.util.Arrays;

/**
 * Avro's binary encoding, read with suspicion: every length is checked against what is there, and
 * the number of values against the number of bytes (<a
 * href="https://avro.apache.org/docs/1.12.0/specification/#binary-encoding">specification</a>).
 */
final class AvroInput {
  /** Values that take no bytes (null, empty records) are few, or somebody means harm. */
  private static final int VALUES_PER_BYTE = 4;

  private static final int SPARE_VALUES = 10_000;
  private static final int MAX_VARINT_BYTES = 10;

  private byte[] data = {};
  private int at;
  private long valuesLeft;
  private int depth;

  /** The data is not what its schema says. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String what) {
      super(what, null, false, false);
    }
  }

  void begin(byte[] bytes, int from) {
    data = bytes;
    at = from;
    depth = 0;
    valuesLeft = (long) VALUES_PER_BYTE * (bytes.length - from) + SPARE_VALUES;
  }

  boolean isAtEnd() {
    return at == data.length;
  }

  /** Before each value. */
  void enterValue() throws Malformed {
    if (--valuesLeft < 0) {
      throw new Malformed("more values than bytes");
    }
    if (++depth > JsonLimits.MAX_NESTING) {
      throw new Malformed("too deep");
    }
  }

  /** After each value. */
  void leaveValue() {
    depth--;
  }

  boolean readBoolean() throws Malformed {
    byte value = data[skip(1)];
    if (value != 0 && value != 1) {
      throw new Malformed("no boolean");
    }
    return value == 1;
  }

  int readInt() throws Malformed {
    long value = readLong();
    if (value != (int) value) {
      throw new Malformed("no int");
    }
    return (int) value;
  }

  long readLong() throws Malformed {
    long zigzag = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      byte next = data[skip(1)];
      zigzag |= (next & 0x7fL) << (7 * i);
      if (next >= 0) {
        if (i == MAX_VARINT_BYTES - 1 && next > 1) {
          break;
        }
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
    }
    throw new Malformed("no long");
  }

  float readFloat() throws Malformed {
    return Float.intBitsToFloat((int) littleEndian(Float.BYTES));
  }

  double readDouble() throws Malformed {
    return Double.longBitsToDouble(littleEndian(Double.BYTES));
  }

  private long littleEndian(int bytes) throws Malformed {
    int from = skip(bytes);
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | (data[from + i] & 0xff);
    }
    return value;
  }

  /** Bytes or text: a length, and that many bytes. */
  byte[] readBytes() throws Malformed {
    return readFixed(readLong());
  }

  byte[] readFixed(long length) throws Malformed {
    int from = skip(length);
    return Arrays.copyOfRange(data, from, at);
  }

  void skipBytes() throws Malformed {
    skip(readLong());
  }

  /** A branch of a union, a symbol of an enum. */
  int readIndex(int size) throws Malformed {
    long index = readLong();
    if (index < 0 || index >= size) {
      throw new Malformed("no such index");
    }
    return (int) index;
  }

  /** The number of items in the next block of an array or a map; 0 at its end. */
  long readBlock() throws Malformed {
    long count = readLong();
    if (count < 0) {
      readLong();
      count = -count;
    }
    if (count < 0 || count > valuesLeft) {
      throw new Malformed("more items than bytes");
    }
    return count;
  }

  /** Goes over so many bytes, and says where they begin. */
  int skip(long length) throws Malformed {
    if (length < 0 || length > data.length - at) {
      throw new Malformed("cut off");
    }
    int from = at;
    at += (int) length;
    return from;
  }
}
