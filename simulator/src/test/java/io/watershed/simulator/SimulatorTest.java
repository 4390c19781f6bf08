package io.watershed.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Seeds in every build. More: {@code -Dwatershed.seeds=200}, or {@code watershed dev simulate}. */
final class SimulatorTest {
  private static final int SEEDS = Integer.getInteger("watershed.seeds", 100);
  private static final long FROM_SEED = 1;

  @Test
  void everyRecordIsInTheTableOnceOrInARecordedGapWhateverFails() {
    List<SeedResult> failed = new ArrayList<>();
    int replays = 0;
    int superseded = 0;
    try (Simulator simulator = new Simulator()) {
      for (long seed = FROM_SEED; seed < FROM_SEED + SEEDS && failed.size() < 3; seed++) {
        SeedResult result = simulator.run(seed);
        replays += result.replays();
        superseded += result.superseded();
        if (!result.isWell()) {
          failed.add(result);
        }
      }
    }
    assertThat(failed.isEmpty()).as(() -> describe(failed)).isTrue();
    assertThat(replays).as("replays that were run to their end").isPositive();
    assertThat(superseded).as("records that replays left out").isPositive();
  }

  private static String describe(List<SeedResult> failed) {
    StringBuilder text = new StringBuilder();
    for (SeedResult result : failed) {
      text.append("seed ").append(result.seed()).append('\n');
      result.findings().stream().limit(5).forEach(finding -> text.append(finding).append('\n'));
      result.lastEvents().forEach(event -> text.append(event).append('\n'));
    }
    return text.toString();
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    try (Simulator simulator = new Simulator()) {
      for (long seed = 1; seed <= 10; seed++) {
        assertThat(simulator.run(seed)).isEqualTo(simulator.run(seed));
      }
    }
  }
}
