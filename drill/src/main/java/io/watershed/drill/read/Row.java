package io.watershed.drill.read;

import io.watershed.core.record.SystemColumn;
import java.util.Arrays;

/**
 * One physical row: the system columns by their field ids, then the slots of the payload's layout.
 * Reused from row to row; not thread-safe.
 */
final class Row {
  private static final byte[] NO_BYTES = {};

  /** Field ids of system columns begin at 1. */
  private static final int FIRST_SLOT = SystemColumn.all().size() + 1;

  private final long[] numbers;
  private final byte[][] bytes;
  private final boolean[] present;

  /**
   * @param slots of the payload's layout
   */
  Row(int slots) {
    numbers = new long[FIRST_SLOT + slots];
    bytes = new byte[FIRST_SLOT + slots][];
    present = new boolean[FIRST_SLOT + slots];
    clear();
  }

  static int index(SystemColumn column) {
    return column.fieldId();
  }

  /** The index of a slot of the payload's layout. */
  static int index(int slot) {
    return FIRST_SLOT + slot;
  }

  /** Makes every column NULL. */
  void clear() {
    Arrays.fill(present, false);
    Arrays.fill(bytes, NO_BYTES);
  }

  boolean isPresent(int index) {
    return present[index];
  }

  long number(int index) {
    return numbers[index];
  }

  double real(int index) {
    return Double.longBitsToDouble(numbers[index]);
  }

  byte[] bytes(int index) {
    return bytes[index];
  }

  /** A long, a boolean as 0 or 1, or microseconds. */
  void setNumber(int index, long value) {
    numbers[index] = value;
    present[index] = true;
  }

  void setReal(int index, double value) {
    setNumber(index, Double.doubleToRawLongBits(value));
  }

  /** Not copied. */
  void setBytes(int index, byte[] value) {
    bytes[index] = value;
    present[index] = true;
  }
}
