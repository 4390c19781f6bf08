package io.watershed.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Seeds in every build; {@code watershed dev simulate} runs more. */
final class SimulatorTest {
  private static final int SEEDS = Integer.getInteger("simulator.seeds", 300);
  private static final long FROM_SEED = Long.getLong("simulator.from", 1);

  @Test
  void everyRecordIsInTheTableOnceOrInARecordedGapWhateverFails() {
    List<SeedResult> failed = new ArrayList<>();
    try (Simulator simulator = new Simulator()) {
      for (long seed = FROM_SEED; seed < FROM_SEED + SEEDS && failed.size() < 3; seed++) {
        long begin = System.nanoTime();
        SeedResult result = simulator.run(seed);
        if (System.getProperty("simulator.print") != null) {
          System.out.println((System.nanoTime() - begin) / 1000000 + " ms " + result);
        }
        if (!result.isWell()) {
          failed.add(result);
        }
      }
    }
    assertThat(failed)
        .as(
            () ->
                failed.stream()
                    .map(
                        r ->
                            "seed "
                                + r.seed()
                                + " "
                                + r.findings()
                                + "\n"
                                + String.join("\n", r.lastEvents()))
                    .toList()
                    .toString())
        .isEmpty();
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
