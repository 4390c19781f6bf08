package io.watershed.core.payload;

import java.math.BigDecimal;

/** Text that may be a number as JSON writes it (RFC 8259, 6). Reused; not thread-safe. */
final class NumberText {
  private final JsonNumbers numbers = new JsonNumbers();
  private char[] chars = new char[32];
  private int length;
  private boolean integer;

  /** Takes ASCII text; whether it is a number. */
  boolean read(byte[] text, int from, int to) {
    length = to - from;
    if (length == 0 || length > JsonLimits.MAX_NUMBER_DIGITS) {
      return false;
    }
    if (length > chars.length) {
      chars = new char[JsonLimits.MAX_NUMBER_DIGITS];
    }
    for (int i = 0; i < length; i++) {
      chars[i] = (char) text[from + i];
    }
    int at = chars[0] == '-' ? 1 : 0;
    int digits = digits(at);
    if (digits == 0 || (digits > 1 && chars[at] == '0')) {
      return false;
    }
    at += digits;
    integer = at == length;
    at = afterFraction(at);
    return at > 0 && afterExponent(at) == length;
  }

  private int afterFraction(int at) {
    if (at == length || chars[at] != '.') {
      return at;
    }
    int digits = digits(at + 1);
    return digits == 0 ? -1 : at + 1 + digits;
  }

  private int afterExponent(int at) {
    if (at == length || (chars[at] != 'e' && chars[at] != 'E')) {
      return at;
    }
    int sign = at + 1 < length && (chars[at + 1] == '+' || chars[at + 1] == '-') ? 1 : 0;
    int digits = digits(at + 1 + sign);
    return digits == 0 ? -1 : at + 1 + sign + digits;
  }

  private int digits(int from) {
    int at = from;
    while (at < length && chars[at] >= '0' && chars[at] <= '9') {
      at++;
    }
    return at - from;
  }

  /** Whether it has neither a point nor an exponent. */
  boolean isInteger() {
    return integer;
  }

  /** Whether it is an integer that a long holds; if so, {@link #longValue} has it. */
  boolean isLong() {
    return integer && numbers.fitsLong(chars, 0, length);
  }

  long longValue() {
    return numbers.longValue();
  }

  /** The nearest double; perhaps infinite. */
  double doubleValue() {
    return JsonNumbers.nearestDouble(chars, 0, length);
  }

  /** Whether the nearest double is the very number. */
  boolean isExactDouble() {
    double value = doubleValue();
    return Double.isFinite(value)
        && new BigDecimal(chars, 0, length).compareTo(new BigDecimal(value)) == 0;
  }
}
