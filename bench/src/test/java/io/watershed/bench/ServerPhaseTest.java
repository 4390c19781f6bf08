package io.watershed.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ServerPhaseTest {
  @Test
  void aMetricIsReadByItsWholeName() {
    String page =
        """
        # TYPE watershed_shard_behind_seconds gauge
        watershed_shard_behind_seconds{shard="0",stream="orders"} 0.25
        watershed_shard_behind_seconds{shard="1",stream="orders"} 3.0
        watershed_shard_behind_seconds_more{shard="1"} 9
        watershed_buffered 7.0
        """;

    assertThat(ServerPhase.values(page, "watershed_shard_behind_seconds"))
        .containsExactly(0.25, 3.0);
    assertThat(ServerPhase.values(page, "watershed_buffered")).containsExactly(7.0);
  }

  @Test
  void theLastThirdShowsALagThatGrows() {
    ServerPhase phase =
        new ServerPhase(List.of(1.0, 1.0, 2.0, 3.0, 5.0, 7.0), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    assertThat(phase.firstThirdBehind()).isEqualTo(1);
    assertThat(phase.lastThirdBehind()).isEqualTo(6);
    assertThat(phase.worstBehind()).isEqualTo(7);
  }

  @Test
  void aPercentileIsTheNearestRankAndWhatWasWaitedForIsNoError() {
    ClientLog log = new ClientLog();
    for (int i = 100; i >= 1; i--) {
      log.answered("q", i * 1_000_000L);
    }
    log.waited();

    assertThat(log.percentile("q", 50)).isEqualTo(50);
    assertThat(log.percentile("q", 99)).isEqualTo(99);
    assertThat(log.errors()).isZero();
    assertThat(log.percentile("nothing", 50)).isZero();
  }
}
