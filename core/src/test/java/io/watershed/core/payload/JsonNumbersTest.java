package io.watershed.core.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class JsonNumbersTest {
  private static final int TOKENS = 200_000;

  @Test
  void theNearestDoubleIsFoundOnBothSidesOfTheExactRange() {
    Random random = new Random(1);
    for (int i = 0; i < TOKENS; i++) {
      // 40 to 63 bits: below and above the 53 that a double holds exactly.
      long digits = random.nextLong() >>> (1 + random.nextInt(24));
      StringBuilder token = new StringBuilder(Long.toString(digits));
      int scale = random.nextInt(26);
      while (token.length() <= scale) {
        token.insert(0, '0');
      }
      if (scale > 0) {
        token.insert(token.length() - scale, '.');
      }
      if (random.nextBoolean()) {
        token.insert(0, '-');
      }
      double expected = Double.parseDouble(token.toString());
      double found = JsonNumbers.nearestDouble(chars(token), 1, token.length());
      if (Double.compare(found, expected) != 0) {
        assertThat(found).as(token.toString()).isEqualTo(expected);
      }
    }
  }

  @Test
  void longsAreTakenUpToTheirBoundsAndNoFurther() {
    JsonNumbers numbers = new JsonNumbers();
    for (long bound : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, 0, 1_000_000_000_000_000_000L}) {
      for (int delta = -20; delta <= 20; delta++) {
        BigInteger value = BigInteger.valueOf(bound).add(BigInteger.valueOf(delta));
        String token = value.toString();
        boolean fits = numbers.fitsLong(chars(new StringBuilder(token)), 1, token.length());
        assertThat(fits).as(token).isEqualTo(value.bitLength() < 64);
        if (fits) {
          assertThat(numbers.longValue()).isEqualTo(value.longValueExact());
        }
      }
    }
  }

  /** With something before and behind that is not the token's. */
  private static char[] chars(StringBuilder token) {
    return ("7" + token + "7").toCharArray();
  }
}
