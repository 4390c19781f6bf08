package io.watershed.core.payload;

import com.fasterxml.jackson.core.io.NumberInput;

/** JSON number tokens as long or double, from their characters. */
final class JsonNumbers {
  /** What {@link #fitsLong} found; valid after it returned true. */
  private long longValue;

  private static final long MAX_EXACT = 1L << 53;
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  /** The value of the last token that fit. */
  long longValue() {
    return longValue;
  }

  /**
   * Whether an integer token (no point, no exponent) is a long. {@code -0} is not: its sign would
   * be lost.
   */
  boolean fitsLong(char[] chars, int offset, int length) {
    boolean negative = chars[offset] == '-';
    int at = negative ? offset + 1 : offset;
    int end = offset + length;
    if (end - at > 19 || (negative && chars[at] == '0')) {
      return false;
    }
    long negated = 0;
    for (; at < end; at++) {
      int digit = chars[at] - '0';
      if (negated < (Long.MIN_VALUE + digit) / 10) {
        return false;
      }
      negated = negated * 10 - digit;
    }
    if (!negative && negated == Long.MIN_VALUE) {
      return false;
    }
    longValue = negative ? negated : -negated;
    return true;
  }

  /**
   * The double nearest to a number token; infinite if that is beyond double. Up to 2^53 and powers
   * of ten up to 22 one division or multiplication of two exact doubles rounds once, so it is the
   * nearest (Clinger, 1990); the rest is for FastDoubleParser (Lemire, 2021), which Jackson brings.
   */
  static double nearestDouble(char[] chars, int offset, int length) {
    boolean negative = chars[offset] == '-';
    int end = offset + length;
    long digits = 0;
    int point = -1;
    int at = negative ? offset + 1 : offset;
    for (; at < end; at++) {
      char c = chars[at];
      if (c == '.') {
        point = at;
      } else if (c < '0' || c > '9') {
        break;
      } else {
        digits = digits * 10 + (c - '0');
        if (digits > MAX_EXACT) {
          return slowDouble(chars, offset, length);
        }
      }
    }
    int scale = point < 0 ? 0 : at - point - 1;
    if (at < end || scale >= POWERS_OF_TEN.length) {
      return slowDouble(chars, offset, length);
    }
    double magnitude = digits / POWERS_OF_TEN[scale];
    return negative ? -magnitude : magnitude;
  }

  private static double slowDouble(char[] chars, int offset, int length) {
    return NumberInput.parseDouble(chars, offset, length, true);
  }
}
