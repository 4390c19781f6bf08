package io.watershed.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.watershed.archive.TrimAlarm.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** How long until the retention overtakes a reader, and when that is said. */
final class TrimForecastTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Duration RETENTION = Duration.ofHours(24);
  private static final Duration LIMIT = Duration.ofHours(6);

  private final ReadTrack track = new ReadTrack();
  private Instant now = START;
  private Duration lag = Duration.ofHours(20);

  /** Reads once a second, at this speed in seconds of the stream a second. */
  private TrimForecast read(Duration howLong, double speed, long bytesPerSecond) {
    for (long second = 0; second < howLong.toSeconds(); second++) {
      track.read(now, lag, bytesPerSecond);
      now = now.plusSeconds(1);
      lag = lag.plusMillis((long) (1_000 * (1 - speed)));
    }
    return track.forecast(now, RETENTION).orElseThrow();
  }

  @Test
  void aReaderThatIsTooSlowLosesDataWhenTheDistanceIsUsedUp() {
    TrimForecast forecast = read(Duration.ofMinutes(5), 0.6, 1_200_000);
    // 20 h 2 m behind after five minutes at 0.6; the rest goes at 0.4 seconds a second.
    assertThat(forecast.speed().orElseThrow()).isCloseTo(0.6, within(0.01));
    assertThat(forecast.lossIn().orElseThrow())
        .isBetween(Duration.ofMinutes(9 * 60 + 40), Duration.ofMinutes(10 * 60 + 10));
    assertThat(forecast.bytesPerSecond()).isCloseTo(1_200_000, within(20_000.0));
    assertThat(forecast.neededBytesPerSecond().orElseThrow()).isCloseTo(2e6, within(4e4));
    assertThat(forecast.caughtUpIn()).isEmpty();
    assertThat(forecast.sentence("shard 7"))
        .contains("at this rate shard 7 loses data in 9h")
        .contains("; it is 20h2m behind, reads 1.20 MB/s and would need 2.00 MB/s");
  }

  @Test
  void aReaderThatCatchesUpSaysWhen() {
    TrimForecast forecast = read(Duration.ofMinutes(5), 3, 500_000);
    assertThat(forecast.lossIn()).isEmpty();
    assertThat(forecast.caughtUpIn().orElseThrow())
        .isBetween(Duration.ofMinutes(9 * 60 + 40), Duration.ofMinutes(10 * 60));
  }

  @Test
  void aReaderAtTheTipLosesNothing() {
    lag = Duration.ZERO;
    TrimForecast forecast = read(Duration.ofMinutes(10), 1, 0);
    assertThat(forecast.lag()).isLessThan(Duration.ofSeconds(2));
    assertThat(forecast.lossIn().orElse(RETENTION.multipliedBy(9)))
        .isGreaterThan(RETENTION.multipliedBy(2));
  }

  @Test
  void aReaderWithoutAnswersStandsStillWhileTimeGoesOn() {
    read(Duration.ofMinutes(5), 1, 1_000_000);
    now = now.plus(Duration.ofHours(1));
    TrimForecast forecast = track.forecast(now, RETENTION).orElseThrow();
    assertThat(forecast.speed().orElseThrow()).isLessThan(0.1);
    assertThat(forecast.lag()).isBetween(Duration.ofHours(21), Duration.ofMinutes(21 * 60 + 1));
    assertThat(forecast.lossIn().orElseThrow())
        .isBetween(Duration.ofMinutes(175), Duration.ofMinutes(200));
    assertThat(forecast.neededBytesPerSecond().orElseThrow()).isCloseTo(1e6, within(2e4));
  }

  @Test
  void littleEvidenceGivesNoForecast() {
    TrimForecast forecast = read(Duration.ofSeconds(20), 0, 0);
    assertThat(forecast.speed()).isEmpty();
    assertThat(forecast.lossIn()).isEmpty();
  }

  @Test
  void anAlarmIsRaisedOnceRepeatedSeldomAndClearedLate() {
    TrimAlarm alarm = new TrimAlarm();
    List<String> said = new ArrayList<>();
    // An hour of flickering around the limit, then it reads fast enough.
    for (int second = 0; second < 7_200; second += 5) {
      Duration lossIn = LIMIT.plusMinutes(second % 10 == 0 ? -20 : 20);
      double speed = second < 3_600 ? speedFor(lossIn) : 2;
      Instant at = START.plusSeconds(second);
      Change change = alarm.look(forecast(speed), LIMIT, at);
      if (change != Change.NONE) {
        said.add(change + " " + second / 60);
      }
    }
    assertThat(said)
        .containsExactly(
            "RAISED 0",
            "REPEATED 10",
            "REPEATED 20",
            "REPEATED 30",
            "REPEATED 40",
            "REPEATED 50",
            "CLEARED 62");
    assertThat(alarm.isRaised()).isFalse();
  }

  private double speedFor(Duration lossIn) {
    return 1 - (double) RETENTION.minus(lag).toMillis() / lossIn.toMillis();
  }

  private TrimForecast forecast(double speed) {
    return TrimForecast.of(lag, RETENTION, OptionalDouble.of(speed), 1, OptionalDouble.empty());
  }
}
