package io.watershed.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.watershed.kinesis.TargetTraffic.Rate;
import org.junit.jupiter.api.Test;

class ShardRateTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void aShareOfTheQuotaIsAllowed() {
    ShardRate rate = ShardRate.start(0.5, false, 0);
    assertThat(rate.recordsPerSecond()).isEqualTo(500);
    assertThat(rate.bytesPerSecond()).isEqualTo(500_000);
    assertThat(ShardRate.start(Double.POSITIVE_INFINITY, true, 0).recordsPerSecond()).isInfinite();
  }

  @Test
  void throttlesOfOneMomentCountOnceAndMoreOfThemSlowItDownToABound() {
    ShardRate rate = ShardRate.start(1, false, 0).throttled(0).throttled(1_000_000);
    assertThat(rate.recordsPerSecond()).isCloseTo(800, within(1.0));
    for (int i = 1; i <= 50; i++) {
      rate = rate.throttled(i * 300_000_000L);
    }
    assertThat(rate.recordsPerSecond()).isBetween(50.0, 70.0);
  }

  @Test
  void itRecoversBitByBitToTheShare() {
    ShardRate slow = ShardRate.start(1, false, 0).throttled(0);
    assertThat(slow.at(SECOND).recordsPerSecond()).isCloseTo(850, within(1.0));
    assertThat(slow.at(SECOND).at(2 * SECOND).recordsPerSecond()).isCloseTo(900, within(1.0));
    assertThat(slow.at(60 * SECOND).recordsPerSecond()).isEqualTo(1_000);
  }

  @Test
  void othersAreLeftWhatTheyWriteAndAMargin() {
    ShardRate rate = ShardRate.start(0.5, true, 0).sampled(new Rate(700, 100_000));
    assertThat(rate.recordsPerSecond()).isCloseTo(200, within(1e-6)); // 1,000 - 700 - 100
    assertThat(rate.bytesPerSecond()).as("bytes are not short").isEqualTo(500_000);
    assertThat(ShardRate.start(1, true, 0).sampled(new Rate(0, 0)).recordsPerSecond())
        .as("nobody needs no margin")
        .isEqualTo(1_000);
    assertThat(ShardRate.start(1, true, 0).sampled(new Rate(1_000, 1e6)).recordsPerSecond())
        .as("a run ends some day")
        .isEqualTo(10);
  }

  @Test
  void untilOthersAreMeasuredLittleIsAllowedUnlessTheyCannotBe() {
    ShardRate rate = ShardRate.start(0.5, true, 0);
    assertThat(rate.recordsPerSecond()).isEqualTo(100);
    assertThat(rate.unmeasurable().recordsPerSecond()).isEqualTo(500);
  }

  @Test
  void moreIsBelievedAtOnceAndLessByHalves() {
    ShardRate rate = ShardRate.start(1, true, 0).sampled(new Rate(400, 0));
    assertThat(rate.sampled(new Rate(800, 0)).recordsPerSecond()).isCloseTo(100, within(1e-6));
    assertThat(rate.sampled(new Rate(0, 0)).recordsPerSecond()).isCloseTo(700, within(1e-6));
  }
}
