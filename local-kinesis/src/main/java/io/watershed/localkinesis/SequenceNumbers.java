package io.watershed.localkinesis;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The sequence numbers of today's service: 186 bits, 56 decimal digits, the most significant part
 * being the second in which the shard was created. In hexadecimal:
 *
 * <pre>
 *   2 | creation second (9) | shard index mod 16 (1) | index (16) | 00 | second (9) | shard index (8) | 2
 * </pre>
 *
 * <p>The layout is not documented; this is what people have found by looking at numbers. So numbers
 * of one shard rise with the index, and those of unrelated shards compare by the age of the shards.
 */
final class SequenceNumbers {
  /** The highest index a number can carry; it ends the range of a closed shard. */
  static final long MAX_INDEX = Long.MAX_VALUE;

  private static final int VERSION = 2;
  private static final int BITS = 188;
  private static final long LIMB = 0xFFFF_FFFFL;
  private static final long BILLION = 1_000_000_000L;
  private static final int DIGIT_GROUPS = 7;

  private SequenceNumbers() {}

  /** What a sequence number says. */
  record Parts(long createdSecond, int shardIndex, long index, long second) {}

  static String text(long createdSecond, int shardIndex, long index, long second) {
    // 188 bits, most significant first: 60 + 64 + 64.
    long high = ((long) VERSION << 56) | ((createdSecond & 0xF_FFFF_FFFFL) << 20);
    high |= (long) (shardIndex & 0xF) << 16 | (index >>> 48);
    long middle = (index << 16) | ((second >>> 28) & 0xFFL);
    long low = (second << 36) | ((shardIndex & 0xFFFF_FFFFL) << 4) | VERSION;
    return decimal(high, middle, low);
  }

  /**
   * The decimal text of 192 bits. Each record that is put or read needs one: BigInteger took a
   * fifth of the endpoint's time.
   */
  private static String decimal(long high, long middle, long low) {
    long[] limbs = {high >>> 32, high & LIMB, middle >>> 32, middle & LIMB, low >>> 32, low & LIMB};
    byte[] digits = new byte[DIGIT_GROUPS * 9];
    for (int group = DIGIT_GROUPS - 1; group >= 0; group--) {
      long remainder = 0;
      for (int i = 0; i < limbs.length; i++) {
        long dividend = (remainder << 32) | limbs[i];
        limbs[i] = dividend / BILLION;
        remainder = dividend % BILLION;
      }
      for (int i = group * 9 + 8; i >= group * 9; i--) {
        digits[i] = (byte) ('0' + remainder % 10);
        remainder /= 10;
      }
    }
    int start = 0;
    while (digits[start] == '0') {
      start++;
    }
    return new String(digits, start, digits.length - start, StandardCharsets.ISO_8859_1);
  }

  /** Empty if the text is no number of this layout. */
  static Optional<Parts> parse(String decimal) {
    if (!decimal.matches("0|([1-9]\\d{0,128})")) {
      return Optional.empty();
    }
    BigInteger number = new BigInteger(decimal);
    if (number.bitLength() != BITS - 2 || bits(number, 184, 4) != VERSION) {
      return Optional.empty();
    }
    long shardIndex = bits(number, 4, 32);
    if (bits(number, 0, 4) != VERSION || shardIndex > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    return Optional.of(
        new Parts(
            bits(number, 148, 36), (int) shardIndex, bits(number, 80, 64), bits(number, 36, 36)));
  }

  private static long bits(BigInteger number, int from, int count) {
    return number
        .shiftRight(from)
        .and(BigInteger.ONE.shiftLeft(count).subtract(BigInteger.ONE))
        .longValue();
  }
}
