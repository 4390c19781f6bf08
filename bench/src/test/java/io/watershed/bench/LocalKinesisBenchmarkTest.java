package io.watershed.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKinesisBenchmarkTest {
  @Test
  void itRunsAndHasAFigureAndAReferenceForEachOperation(@TempDir Path folder) throws Exception {
    Benchmark benchmark = new LocalKinesisBenchmark();
    BenchReport report = benchmark.run(new BenchContext(folder, true, line -> {}));
    assertThat(report.results()).hasSize(2);
    assertThat(report.results())
        .allSatisfy(
            result -> {
              assertThat(result.figure()).isPositive();
              assertThat(result.reference()).isPresent();
              assertThat(result.goal()).isPresent();
            });
  }
}
