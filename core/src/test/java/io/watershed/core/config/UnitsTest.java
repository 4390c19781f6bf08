package io.watershed.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.WatershedException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "1024,1024",
    "64MB,64000000",
    "64 MB,64000000",
    "64MiB,67108864",
    "1.5GiB,1610612736",
    "1k,1000",
    "1K,1000",
    "1kB,1000",
    "1KiB,1024",
    "0,0",
    "2TB,2000000000000",
    "7B,7"
  })
  void sizesAreDecimalOrBinaryAsTheyAreWritten(String text, long bytes) {
    assertThat(DataSize.parse(text).bytes()).isEqualTo(bytes);
    assertThat(text).matches(DataSize.PATTERN);
    assertThat(DataSize.parse(new DataSize(bytes).text()).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MB", "-1", "1 2", "1mb", "1EB", "99999999999999999999GB", "1e3"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> DataSize.parse(text)).isInstanceOf(WatershedException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "999,999 B",
    "1000,1.00 kB",
    "12345678,12.3 MB",
    "999999,1.00 MB",
    "5120000000,5.12 GB"
  })
  void sizesForPeopleHaveThreeDigits(long bytes, String text) {
    assertThat(new DataSize(bytes).approximate()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "500ms,PT0.5S",
    "30s,PT30S",
    "5m,PT5M",
    "12h,PT12H",
    "7d,PT168H",
    "1h30m,PT1H30M",
    "1h 30m,PT1H30M",
    "0s,PT0S"
  })
  void durationsHaveUnits(String text, Duration duration) {
    assertThat(DurationText.parse(text)).isEqualTo(duration);
    assertThat(text).matches(DurationText.PATTERN);
    assertThat(DurationText.parse(DurationText.format(duration))).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30", "1.5h", "-1s", "1w", "s", "1s2", "99999999999999s"})
  void whatIsNoDurationIsRefused(String text) {
    assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(WatershedException.class);
  }
}
