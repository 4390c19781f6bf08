package io.watershed.bench;

import java.util.List;

/** The registry: every benchmark there is. */
public final class Benchmarks {
  private Benchmarks() {}

  /**
   * All, in the order to list them.
   *
   * @param drillbits starts Drill, for the benchmark that needs it
   */
  public static List<Benchmark> all(Drillbits drillbits) {
    return List.of(
        new LocalKinesisBenchmark(),
        new EncodeBenchmark(),
        new ArchiveBenchmark(),
        new MemoryBenchmark(),
        new YearsBenchmark(),
        new FreshnessBenchmark(),
        new QueryBenchmark(),
        new CompactReplayBenchmark(),
        new RemoteQueryBenchmark(),
        new PlanBenchmark(),
        new ColdBenchmark(),
        new ReplayBenchmark(),
        new ServerBenchmark(),
        new DrillBenchmark(drillbits));
  }
}
