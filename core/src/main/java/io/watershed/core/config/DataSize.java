package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes with its unit in print: {@code 64MB} is 64,000,000 bytes, {@code 64MiB} is 64 x
 * 2^20 (IEC 80000-13).
 *
 * @param bytes 0 or more
 */
public record DataSize(long bytes) {
  /** What {@link #parse} accepts, as a regular expression that JSON Schema understands too. */
  public static final String PATTERN = "^[0-9]+(\\.[0-9]+)? ?([kKMGT]i?)?B?$";

  private static final Pattern FORM =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?(?:([kKMGT])(i?))?B?");
  private static final String PREFIXES = "kMGT";

  public DataSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size of " + bytes + " bytes");
    }
  }

  /**
   * Parses {@code 1024}, {@code 64MB}, {@code 1.5GiB}.
   *
   * @throws WatershedException {@code invalid-input}
   */
  public static DataSize parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw refused(text);
    }
    BigDecimal factor = BigDecimal.ONE;
    if (form.group(2) != null) {
      int power = PREFIXES.indexOf(form.group(2).equals("K") ? "k" : form.group(2)) + 1;
      factor = BigDecimal.valueOf(form.group(3).isEmpty() ? 1000 : 1024).pow(power);
    }
    try {
      return new DataSize(
          new BigDecimal(form.group(1))
              .multiply(factor)
              .setScale(0, RoundingMode.DOWN)
              .longValueExact());
    } catch (ArithmeticException e) {
      throw refused(text);
    }
  }

  /** The shortest exact text: {@code 64MiB}, {@code 64MB}, {@code 1000001B}. */
  public String text() {
    for (int unit = 1024; unit >= 1000; unit -= 24) {
      long value = bytes;
      int power = 0;
      while (value != 0 && value % unit == 0 && power < PREFIXES.length()) {
        value /= unit;
        power++;
      }
      if (power > 0) {
        return value + "" + PREFIXES.charAt(power - 1) + (unit == 1024 ? "iB" : "B");
      }
    }
    return bytes + "B";
  }

  /** For people: about three digits, decimal units, such as {@code 12.3 MB}. */
  public String approximate() {
    if (bytes < 1000) {
      return bytes + " B";
    }
    double value = bytes;
    int power = 0;
    while (value >= 999.5 && power < PREFIXES.length()) {
      value /= 1000;
      power++;
    }
    String format = value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, format + " %sB", value, PREFIXES.charAt(power - 1));
  }

  @Override
  public String toString() {
    return text();
  }

  private static WatershedException refused(String text) {
    return new WatershedException(
        ErrorCode.INVALID_INPUT,
        "'" + text + "' is not a size",
        "Write a number and a unit: 64MB (decimal), 64MiB (binary), 1GB, 512kB.");
  }
}
