package io.watershed.bench;

import java.util.List;
import java.util.Optional;

/** The registry: every benchmark there is. */
public final class Benchmarks {
  private static final List<Benchmark> ALL =
      List.of(
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
          new ServerBenchmark());

  private Benchmarks() {}

  /** All, in the order to list them. */
  public static List<Benchmark> all() {
    return ALL;
  }

  /** The one with this name. */
  public static Optional<Benchmark> named(String name) {
    return ALL.stream().filter(benchmark -> benchmark.name().equals(name)).findFirst();
  }
}
