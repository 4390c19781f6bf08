package io.watershed.localkinesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceNumbersTest {
  private static final long SECOND = 1_795_000_000L;

  @Test
  void partsComeBackFromTheText() {
    SequenceNumbers.Parts parts =
        new SequenceNumbers.Parts(SECOND, 123_456_789, 0x1234_5678_9ABC_DEF0L, SECOND + 77);
    assertThat(SequenceNumbers.parse(text(parts))).contains(parts);
    SequenceNumbers.Parts last =
        new SequenceNumbers.Parts(SECOND, Integer.MAX_VALUE, SequenceNumbers.MAX_INDEX, SECOND);
    assertThat(SequenceNumbers.parse(text(last))).contains(last);
  }

  @Test
  void theTextIsTheNumberWithThoseHexadecimalDigits() {
    Random random = new Random(3);
    for (int i = 0; i < 1_000; i++) {
      long created = random.nextLong(1L << 36);
      int shard = random.nextInt() & Integer.MAX_VALUE;
      long index = random.nextLong() & Long.MAX_VALUE;
      long second = random.nextLong(1L << 36);
      String hex =
          String.format("2%09x%x%016x00%09x%08x2", created, shard & 0xF, index, second, shard);
      assertThat(SequenceNumbers.text(created, shard, index, second))
          .isEqualTo(new BigInteger(hex, 16).toString());
    }
  }

  @Test
  void aNumberFromTheRealServiceParsesToItsTime() {
    // Published in the AWS documentation of PutRecord; the shard is from November 2014.
    String published = "49543463076548007577105092703039560359975228518395019266";
    SequenceNumbers.Parts parts = SequenceNumbers.parse(published).orElseThrow();
    assertThat(parts.shardIndex()).isZero();
    assertThat(java.time.Instant.ofEpochSecond(parts.createdSecond()).toString())
        .startsWith("2014-");
    assertThat(text(parts)).hasSameSizeAs(published);
  }

  @Test
  void olderShardsHaveSmallerNumbersWhateverTheirIndex() {
    String old = SequenceNumbers.text(SECOND, 15, SequenceNumbers.MAX_INDEX, SECOND + 1_000_000);
    String young = SequenceNumbers.text(SECOND + 1, 0, 0, SECOND + 1);
    assertThat(new BigInteger(old)).isLessThan(new BigInteger(young));
    assertThat(old).hasSize(56);
    assertThat(young).hasSize(56);
  }

  @Test
  void otherTextsAreNoSequenceNumbers() {
    assertThat(SequenceNumbers.parse("0")).isEmpty();
    assertThat(SequenceNumbers.parse("-1")).isEmpty();
    assertThat(SequenceNumbers.parse("")).isEmpty();
    assertThat(SequenceNumbers.parse("9".repeat(56))).isEmpty();
    assertThat(SequenceNumbers.parse("4".repeat(130))).isEmpty();
    assertThat(SequenceNumbers.parse("4954346307654800757710509270303956035997522851839501926x"))
        .isEmpty();
  }

  private static String text(SequenceNumbers.Parts parts) {
    return SequenceNumbers.text(
        parts.createdSecond(), parts.shardIndex(), parts.index(), parts.second());
  }
}
