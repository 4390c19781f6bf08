package io.watershed.core.record;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;

/**
 * A Kinesis sequence number as zero-padded decimal text of {@value #WIDTH} characters, so that text
 * order is numeric order in every engine. Kinesis uses 56 digits today and allows 129 (its API
 * pattern is {@code 0|([1-9]\d{0,128})}); one longer than {@value #WIDTH} digits is refused loudly
 * rather than stored where it would sort wrongly.
 *
 * @param padded exactly {@value #WIDTH} ASCII digits
 */
public record SequenceNumber(String padded) implements Comparable<SequenceNumber> {
  /** Width of the padded text, in characters. */
  public static final int WIDTH = 64;

  private static final String ZEROS = "0".repeat(WIDTH);

  public SequenceNumber {
    if (padded.length() != WIDTH || !isDigits(padded)) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "'" + abbreviate(padded) + "' is not a sequence number of " + WIDTH + " digits",
          "Sequence numbers are decimal digits, zero-padded to " + WIDTH + ".");
    }
  }

  /**
   * Parses the decimal text that Kinesis uses, padded or not.
   *
   * @throws WatershedException {@code invalid-input} if it is empty, not decimal, or too long
   */
  public static SequenceNumber parse(String decimal) {
    if (decimal.isEmpty() || decimal.length() > WIDTH || !isDigits(decimal)) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "'" + abbreviate(decimal) + "' is not a sequence number of at most " + WIDTH + " digits",
          "Kinesis numbers have 56 digits today; a longer one needs a wider archive column.");
    }
    return new SequenceNumber(ZEROS.substring(decimal.length()) + decimal);
  }

  /** The decimal text without padding, as Kinesis writes it. */
  public String decimal() {
    int start = 0;
    while (start < WIDTH - 1 && padded.charAt(start) == '0') {
      start++;
    }
    return padded.substring(start);
  }

  @Override
  public int compareTo(SequenceNumber other) {
    return padded.compareTo(other.padded);
  }

  @Override
  public String toString() {
    return decimal();
  }

  private static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
    }
    return true;
  }

  private static String abbreviate(String text) {
    return text.length() <= 140 ? text : text.substring(0, 140) + "…";
  }
}
