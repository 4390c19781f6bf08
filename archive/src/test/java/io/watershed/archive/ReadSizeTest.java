package io.watershed.archive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How much is asked of a shard at once. */
final class ReadSizeTest {
  private static final long MOST = 10L << 20;

  @Test
  void aShardThatIsBehindIsSoonAskedForAsMuchAsThereIs() {
    ReadSize size = new ReadSize(MOST);
    for (int read = 0; read < 5; read++) {
      int asked = size.records(10_000, size.bytes());
      size.answered(asked, asked, asked * 600L);
    }
    assertThat(size.bytes()).isEqualTo(MOST);
    assertThat(size.records(10_000, size.bytes())).isEqualTo(10_000);
  }

  @Test
  void aShardAtItsTipNeedsLittle() {
    ReadSize size = new ReadSize(MOST);
    size.answered(1_000, 1_000, 8 << 20);
    size.answered(1_000, 0, 0);
    assertThat(size.bytes()).isLessThan(1 << 20);
  }

  @Test
  void largeRecordsMakeAShortAnswer() {
    ReadSize size = new ReadSize(2 << 20);
    size.answered(10, 1, 1 << 20);
    assertThat(size.records(10_000, size.bytes())).isEqualTo(2);
    assertThat(size.bytes()).isEqualTo(2 << 20);
  }

  @Test
  void anAnswerIsNeverAskedToBeLargerThanItsBound() {
    ReadSize size = new ReadSize(100_000);
    for (int read = 0; read < 10; read++) {
      size.answered(1, 1, 5_000_000);
      assertThat(size.bytes()).isLessThanOrEqualTo(100_000);
      assertThat(size.records(10_000, size.bytes())).isEqualTo(1);
    }
  }
}
