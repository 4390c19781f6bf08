package io.watershed.core.payload;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The typed columns of one payload, as flat slots of a {@link PayloadLayout}. Belongs to its
 * shredder and is overwritten by the next payload. Not thread-safe.
 */
public final class PayloadRow {
  private static final byte[] NO_BYTES = {};

  private final long[] numbers;
  private final byte[][] texts;
  private final long[] presentIn;
  private long row = 1;
  private @Nullable DecodeError decodeError;

  PayloadRow(int slots) {
    numbers = new long[slots];
    texts = new byte[slots][];
    Arrays.fill(texts, NO_BYTES);
    presentIn = new long[slots];
  }

  /** A row without any value. */
  public static PayloadRow failed(int slots, DecodeError error) {
    PayloadRow failed = new PayloadRow(slots);
    failed.fail(error);
    return failed;
  }

  /** Why there are no columns; null when the payload was understood. */
  public @Nullable DecodeError decodeError() {
    return decodeError;
  }

  /** Whether the slot has a value; of a struct: whether the object is there. */
  public boolean isPresent(int slot) {
    return presentIn[slot] == row;
  }

  /** The value of a LONG slot that is present. */
  public long longValue(int slot) {
    return numbers[slot];
  }

  /** The value of a DOUBLE slot that is present: finite. */
  public double doubleValue(int slot) {
    return Double.longBitsToDouble(numbers[slot]);
  }

  /** The value of a BOOLEAN slot that is present. */
  public boolean booleanValue(int slot) {
    return numbers[slot] != 0;
  }

  /** The UTF-8 bytes of a TEXT or JSON slot that is present. A fresh array for each value. */
  public byte[] utf8(int slot) {
    return texts[slot];
  }

  void begin() {
    row++;
    decodeError = null;
  }

  void fail(DecodeError error) {
    row++;
    decodeError = error;
  }

  /** The number of the payload at hand, for marks that need no clearing. */
  long number() {
    return row;
  }

  void setLong(int slot, long value) {
    numbers[slot] = value;
    presentIn[slot] = row;
  }

  void setDouble(int slot, double value) {
    setLong(slot, Double.doubleToRawLongBits(value));
  }

  void setBoolean(int slot, boolean value) {
    setLong(slot, value ? 1 : 0);
  }

  void setUtf8(int slot, byte[] value) {
    texts[slot] = value;
    presentIn[slot] = row;
  }

  void setPresent(int slot) {
    presentIn[slot] = row;
  }

  void clear(int slot) {
    presentIn[slot] = 0;
  }
}
