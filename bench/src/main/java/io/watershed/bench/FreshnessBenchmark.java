package io.watershed.bench;

import io.watershed.bench.BenchResult.Better;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How soon a statement returns a record: from the call of PutRecord to the end of the first
 * statement that has it, beside an archiver that holds records which it has not committed. The
 * endpoint keeps to the limits of a shard, and a producer goes on all the while.
 */
final class FreshnessBenchmark implements Benchmark {
  static final double GOAL_MILLIS = 300;

  private static final int SHARDS = 4;
  private static final String REFERENCE = "the same statements without the memory";

  @Override
  public String name() {
    return "freshness";
  }

  @Override
  public String description() {
    return "PutRecord to the first statement that has it, with an archiver's memory and without";
  }

  @Override
  public BenchReport run(BenchContext context) throws Exception {
    int held = context.quick() ? 500 : 5_000;
    int probes = context.quick() ? 3 : 120;
    int referenceProbes = context.quick() ? 2 : 30;
    try (LocalKinesis kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS);
        HeldStream stream = new HeldStream(context.workDirectory(), kinesis, SHARDS)) {
      context.progress().accept("an archiver takes %,d records".formatted(held));
      stream.fill(held);
      try (HeldStream.Side hot = stream.side(true);
          HeldStream.Side cold = stream.side(false);
          AutoCloseable producer = stream.produce()) {
        context.progress().accept("statements with the archiver's memory");
        Probes with = Probes.run(stream, hot, probes);
        context.progress().accept("statements that read the stream alone");
        Probes without = Probes.run(stream, cold, referenceProbes);
        return report(with, without, held);
      }
    }
  }

  private BenchReport report(Probes with, Probes without, int held) {
    return new BenchReport(
        name(),
        List.of(
            millis("PutRecord to its statement, p50", with.percentile(50), without.percentile(50)),
            new BenchResult(
                "PutRecord to its statement, p99",
                with.percentile(99),
                "ms",
                Better.LOWER,
                OptionalDouble.of(without.percentile(99)),
                REFERENCE,
                OptionalDouble.of(GOAL_MILLIS)),
            lower("GetRecords calls a statement", with.calls(), "", without.calls()),
            lower("read from the stream, a statement", with.kilobytes(), "kB", without.kilobytes()),
            lower("statements until it is there", with.statements(), "", without.statements())),
        List.of(
            "The archiver holds %,d order events of 0.5 KB, in %d shards; 10 a second are added."
                .formatted(held, SHARDS),
            "%d records with the memory, %d without (reference), a second apart on average."
                .formatted(with.count(), without.count()),
            "The endpoint keeps to 5 reads and 2 MB a second and shard, for archiver and"
                + " statements together. All of it runs in one process."));
  }

  private static BenchResult millis(String name, double figure, double reference) {
    return lower(name, figure, "ms", reference);
  }

  private static BenchResult lower(String name, double figure, String unit, double reference) {
    return new BenchResult(
        name,
        figure,
        unit,
        Better.LOWER,
        OptionalDouble.of(reference),
        REFERENCE,
        OptionalDouble.empty());
  }
}
