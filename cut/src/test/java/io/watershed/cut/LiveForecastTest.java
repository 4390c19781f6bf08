package io.watershed.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.LiveReadSettings;
import io.watershed.reservoir.table.Append;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveForecastTest {
  private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private static LiveForecast forecast(Append... appends) {
    return new LiveForecast(LiveReadSettings.DEFAULTS, List.of(appends));
  }

  private static Append append(Duration ago, long records) {
    return new Append(NOW.minus(ago), records, 1, 1);
  }

  @Test
  void withoutAHistoryTheFirstRecordsTell() {
    // 101 records in 100 s, 10 bytes each, and an hour to go.
    Outlook shard = new Outlook(101, 1010, Duration.ofSeconds(100), HOUR);
    LiveEstimate one = forecast().of(List.of(shard));
    assertThat(one.records()).isEqualTo(3600);
    assertThat(one.bytes()).isEqualTo(36_000);
    LiveEstimate two = forecast().of(List.of(shard, shard));
    assertThat(two.records()).isEqualTo(7200);
    assertThat(two.time()).isEqualTo(one.time());
  }

  @Test
  void aBurstIsNotTakenForTheRateWhenTheArchiveKnowsBetter() {
    Outlook burst = new Outlook(1000, 10_000, Duration.ofMillis(10), HOUR);
    LiveForecast known = forecast(append(HOUR, 1_000_000), append(Duration.ZERO, 7200));
    assertThat(known.of(List.of(burst, burst)).records()).isEqualTo(7200);
  }

  @Test
  void aBurstIsNotTakenForMoreThanAShardTakesIn() {
    // 1,000 records or 1 MiB a second.
    Outlook burst = new Outlook(1000, 10_000, Duration.ofMillis(10), HOUR);
    assertThat(forecast().of(List.of(burst)).records()).isEqualTo(3_600_000);
    Outlook wide = new Outlook(10, 5 << 20, Duration.ofMillis(10), HOUR);
    assertThat(forecast().of(List.of(wide)).records()).isEqualTo(7200);
  }

  @Test
  void withoutRecordsTheHistoryTells() {
    Outlook empty = new Outlook(0, 0, Duration.ZERO, HOUR);
    LiveForecast known = forecast(append(HOUR, 0), append(Duration.ZERO, 3600));
    assertThat(known.of(List.of(empty)).records()).isEqualTo(3600);
    assertThat(forecast().of(List.of(empty)).records()).isZero();
  }

  @Test
  void timeIsThatOfTheSlowestShardWithinItsShare() {
    // 2 MiB a second and shard: 720 MiB take 6 minutes.
    Outlook large = new Outlook(2, 2 << 20, Duration.ofSeconds(5), HOUR);
    Outlook idle = new Outlook(1, 10, Duration.ZERO, Duration.ZERO);
    assertThat(forecast().of(List.of(large, idle)).time()).isEqualTo(Duration.ofMinutes(6));
    // Two calls a second of 10,000 records each.
    Outlook many = new Outlook(1001, 1001, Duration.ofSeconds(1), HOUR);
    assertThat(forecast().of(List.of(many)).time()).isEqualTo(Duration.ofMinutes(3));
  }
}
