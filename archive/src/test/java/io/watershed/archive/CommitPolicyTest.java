package io.watershed.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.CommitPolicy.InHand;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Age and size of what is in hand trade off, within bounds. */
final class CommitPolicyTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final long TARGET = 48_000_000;
  private static final CommitPolicy POLICY =
      new CommitPolicy(Duration.ofMinutes(5), TARGET, 4_000_000);

  /** Seconds from one commit to the next of a stream that gives so many bytes a second. */
  private static int secondsBetweenCommits(long bytesPerSecond) {
    for (int second = 1; ; second++) {
      InHand inHand =
          new InHand(bytesPerSecond * second, Optional.of(START), Optional.empty(), false);
      if (POLICY.isDue(inHand, START.plusSeconds(second))) {
        return second;
      }
    }
  }

  @Test
  void aQuietStreamMakesAFileAnInterval() {
    assertThat(secondsBetweenCommits(100)).isEqualTo(300);
  }

  @Test
  void aBusyStreamCommitsBySize() {
    long rate = 20_000_000;
    assertThat(secondsBetweenCommits(rate) * rate).isBetween(TARGET * 2 / 3, TARGET * 3 / 2);
  }

  @Test
  void inBetweenAgeAndSizeTradeOff() {
    int slower = secondsBetweenCommits(50_000);
    int faster = secondsBetweenCommits(500_000);
    assertThat(slower).isBetween(200, 250);
    assertThat(faster).isBetween(60, 80);
    assertThat(faster * 500_000L).isGreaterThan(slower * 50_000L);
  }

  @Test
  void noRateMakesARecordWaitLongerThanTheIntervalOrHoldsMoreThanTheTarget() {
    for (long rate = 1; rate < TARGET; rate = rate * 3 + 1) {
      int seconds = secondsBetweenCommits(rate);
      assertThat(seconds).as("at " + rate).isLessThanOrEqualTo(300);
      assertThat((seconds - 1) * rate).as("at " + rate).isLessThan(TARGET);
    }
  }

  @Test
  void nothingInHandIsNeverDue() {
    InHand nothing = new InHand(0, Optional.empty(), Optional.empty(), true);
    assertThat(POLICY.isDue(nothing, START.plus(Duration.ofDays(1)))).isFalse();
  }

  @Test
  void lackOfMemoryCommitsWhatIsInHand() {
    InHand inHand = new InHand(4_000_000, Optional.of(START), Optional.empty(), true);
    assertThat(POLICY.isDue(inHand, START)).isTrue();
    InHand calm = new InHand(4_000_000, Optional.of(START), Optional.empty(), false);
    assertThat(POLICY.isDue(calm, START)).isFalse();
  }

  @Test
  void aGapOrAReshardIsCommittedWithinSeconds() {
    InHand news = new InHand(0, Optional.empty(), Optional.of(START), false);
    assertThat(POLICY.isDue(news, START.plusSeconds(9))).isFalse();
    assertThat(POLICY.isDue(news, START.plusSeconds(10))).isTrue();
  }
}
