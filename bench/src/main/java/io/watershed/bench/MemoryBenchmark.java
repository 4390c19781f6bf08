package io.watershed.bench;

import io.watershed.bench.BenchResult.Better;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Eight streams of 32 full shards, archived at full speed by one process of 1 GB. */
final class MemoryBenchmark implements Benchmark {
  static final double GOAL_MB = 1_024 * 1.048576;

  private static final int STREAMS = 8;
  private static final int SHARDS = 32;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String description() {
    return "8 streams of 32 shards at full speed: the archiver's largest resident size";
  }

  @Override
  public BenchReport run(BenchContext context) throws Exception {
    int records = context.quick() ? 2_000 : 60_000;
    List<String> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      streams.add("stream-" + i + "=" + records);
    }
    context.progress().accept("the archiver");
    Archived archived = Processes.archive(context.workDirectory(), SHARDS, streams, 0);
    return new BenchReport(
        name(),
        List.of(
            lower("peak resident memory", archived.peakBytes() / 1e6, OptionalDouble.of(GOAL_MB)),
            lower("JSON archived", archived.payloadBytes() / 1e6, OptionalDouble.empty())),
        List.of(
            "The archiver has the launcher's options: -Xmx512m, and 256 MiB for DuckDB.",
            "It archived %,d records of %d streams with %d shards each."
                .formatted(archived.records(), STREAMS, SHARDS)));
  }

  private static BenchResult lower(String name, double figure, OptionalDouble goal) {
    return new BenchResult(name, figure, "MB", Better.LOWER, OptionalDouble.empty(), "", goal);
  }
}
