package io.watershed.bench;

import io.watershed.bench.BenchResult.Better;
import io.watershed.bench.WriteLoad.Written;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.OrderedWriteSettings;
import io.watershed.core.time.RealScheduler;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.kinesis.PutEntry;
import io.watershed.kinesis.StreamSink;
import io.watershed.kinesis.StreamSource;
import io.watershed.kinesis.WriteStatistics;
import io.watershed.reservoir.Reservoir;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The writer of replays against a local endpoint with the service's limits in another process: the
 * share of the quota that it reaches, the bound of a hot key, and live producers beside it. And a
 * whole replay of an archive into a target that takes everything: processor time and memory.
 */
final class ReplayBenchmark implements Benchmark {
  static final double SHARE_GOAL = 0.95;
  static final double CPU_GOAL = 100_000;

  private static final int[] SHARDS = {1, 8, 32};
  private static final double[] SHARES = {0.5, 1};
  private static final int KEYS_PER_SHARD = 600;
  private static final double QUOTA_RECORDS = 1_000;
  private static final int HOT_SHARDS = 8;
  private static final int LIVE_SHARDS = 4;
  private static final int LIVE_RECORDS_PER_SECOND = 700;
  private static final int ROUND_TRIPS = 200;
  private static final int ARCHIVED = 500_000;
  private static final double MB = 1e6;

  private final List<BenchResult> results = new ArrayList<>();

  @Override
  public String name() {
    return "replay";
  }

  @Override
  public String description() {
    return "replays: share of the target's quota, order, hot keys, live producers, speed, memory";
  }

  @Override
  public BenchReport run(BenchContext context) throws Exception {
    results.clear();
    for (int shards : context.quick() ? new int[] {1} : SHARDS) {
      for (double share : SHARES) {
        context.progress().accept("%d shards at %.0f %%".formatted(shards, 100 * share));
        quota(context, shards, share);
      }
    }
    context.progress().accept("a hot key");
    hotKey(context);
    context.progress().accept("live producers beside");
    live(context);
    context.progress().accept("an archive into a target that takes everything");
    speed(context);
    return new BenchReport(
        name(),
        List.copyOf(results),
        List.of(
            "Records of 0.6 KB; the endpoint and whole replays run in processes of their own.",
            "Quota: 1,000 records a second and shard; at least 500 keys are ready for each shard.",
            "A canned target is in the replaying process and takes everything at once, so no SDK;"
                + " through the SDK: an endpoint in another process, its limits off.",
            "Whole replays: scan of the archive, envelope, ledger, order check, writer."));
  }

  private void quota(BenchContext context, int shards, double share) throws Exception {
    OrderedWriteSettings settings = OrderedWriteSettings.DEFAULTS.withQuotaShare(share);
    WriteLoad load = load(context, settings, true, 6, 8);
    try (StreamEndpoint endpoint = StreamEndpoint.empty(true, List.of("target=" + shards));
        KinesisStreams streams = KinesisStreams.open(endpoint.access());
        StreamSink sink = streams.sink("target");
        StreamSource source = streams.source("target");
        RealScheduler scheduler = new RealScheduler("bench")) {
      NumberedRecords records = new NumberedRecords("key-", KEYS_PER_SHARD * shards);
      Written written = load.write(sink, records, scheduler);
      double asked = share * QUOTA_RECORDS * shards;
      String where = "%d shards at %.0f %%: ".formatted(shards, 100 * share);
      higher(
          where + "records a second",
          written.recordsPerSecond(),
          "1/s",
          OptionalDouble.of(asked),
          OptionalDouble.of(SHARE_GOAL * asked));
      lower(
          where + "throttled",
          (double) written.end().throttled(),
          "records",
          OptionalDouble.empty());
      lower(
          where + "processor of the writer", written.cpuSeconds(), "of 1", OptionalDouble.empty());
      NumberedRecords.Seen seen = NumberedRecords.readAll(source, scheduler);
      lower(
          where + "order violations", (double) seen.violations(), "records", OptionalDouble.of(0));
      lower(where + "duplicates", (double) seen.duplicates(), "records", OptionalDouble.of(0));
      if (seen.records() - seen.duplicates() != records.made()) {
        throw new IllegalStateException(
            "of " + records.made() + " records the target has " + seen.records());
      }
    }
  }

  private void hotKey(BenchContext context) throws Exception {
    OrderedWriteSettings full = OrderedWriteSettings.DEFAULTS.withQuotaShare(1);
    try (StreamEndpoint endpoint =
            StreamEndpoint.empty(
                true, List.of("ping=1", "plain=" + HOT_SHARDS, "dense=" + HOT_SHARDS));
        KinesisStreams streams = KinesisStreams.open(endpoint.access());
        RealScheduler scheduler = new RealScheduler("bench")) {
      double roundTrips = roundTripsPerSecond(streams);
      Written plain = hot(context, full, "plain", streams, scheduler);
      Written dense = hot(context, full.withDense(true), "dense", streams, scheduler);
      higher(
          "one key: records a second, beside one a round trip",
          plain.recordsPerSecond(),
          "1/s",
          OptionalDouble.of(Math.min(roundTrips, QUOTA_RECORDS)),
          OptionalDouble.empty());
      higher(
          "one key, dense: records a second, beside not dense",
          dense.recordsPerSecond(),
          "1/s",
          OptionalDouble.of(plain.recordsPerSecond()),
          OptionalDouble.empty());
    }
  }

  private static double roundTripsPerSecond(KinesisStreams streams) {
    try (StreamSink sink = streams.sink("ping")) {
      NumberedRecords records = new NumberedRecords("hot-", 1);
      long start = System.nanoTime();
      for (int i = 0; i < 2 * ROUND_TRIPS; i++) {
        start = i == ROUND_TRIPS ? System.nanoTime() : start;
        List<PutEntry> one = List.of(records.next());
        var unused = sink.put(one).join();
      }
      return ROUND_TRIPS * 1e9 / (System.nanoTime() - start);
    }
  }

  private static Written hot(
      BenchContext context,
      OrderedWriteSettings settings,
      String stream,
      KinesisStreams streams,
      RealScheduler scheduler) {
    try (StreamSink sink = streams.sink(stream)) {
      return load(context, settings.withBuffer(200, 64 << 20), false, 2, 6)
          .write(sink, new NumberedRecords("hot-", 1), scheduler);
    }
  }

  private void live(BenchContext context) throws Exception {
    OrderedWriteSettings half = OrderedWriteSettings.DEFAULTS;
    List<String> streams = List.of("measured=" + LIVE_SHARDS, "blind=" + LIVE_SHARDS);
    try (StreamEndpoint endpoint = StreamEndpoint.empty(true, streams);
        KinesisStreams client = KinesisStreams.open(endpoint.access());
        RealScheduler scheduler = new RealScheduler("bench")) {
      double[] with = beside(context, half, true, client.sink("measured"), scheduler);
      double[] blind = beside(context, half, false, client.sink("blind"), scheduler);
      lower(
          "live producers at 70 %: refused, beside without replay",
          100 * with[1],
          "%",
          OptionalDouble.of(100 * with[0]),
          OptionalDouble.of(100 * with[0] + 0.1));
      higher(
          "  the replay's records a second in what they leave",
          with[2],
          "1/s",
          OptionalDouble.of((QUOTA_RECORDS - LIVE_RECORDS_PER_SECOND) * LIVE_SHARDS),
          OptionalDouble.empty());
      lower(
          "  refused if the replay did not measure, only back off",
          100 * blind[1],
          "%",
          OptionalDouble.empty());
    }
  }

  /** Refused live records without and with a replay, of 1; and the replay's records a second. */
  private static double[] beside(
      BenchContext context,
      OrderedWriteSettings settings,
      boolean measured,
      StreamSink sink,
      RealScheduler scheduler)
      throws InterruptedException {
    try (sink;
        LiveProducers live = new LiveProducers(sink, LIVE_RECORDS_PER_SECOND)) {
      Thread.sleep(context.quick() ? 500 : 6_000);
      double alone = live.refusedShare();
      Written written =
          load(context, settings, measured, 4, 12)
              .write(sink, new NumberedRecords("key-", KEYS_PER_SHARD * LIVE_SHARDS), scheduler);
      return new double[] {alone, live.refusedShare(), written.recordsPerSecond()};
    }
  }

  private void speed(BenchContext context) throws Exception {
    Path folder = context.workDirectory();
    Path root = folder.resolve("reservoir");
    long records = context.records().orElse(context.quick() ? 1 : ARCHIVED);
    try (Reservoir reservoir = Reservoir.open(root.toString(), AwsAccess.DEFAULT)) {
      OrdersTable.fill(
          reservoir.createOrLoad("orders"), records, folder.resolve("files"), context.progress());
    }
    ReplayProcess.Took canned =
        ReplayProcess.replay(folder, root, "", false, List.of("warm-up", "canned"));
    took("whole replay, canned target", canned, OptionalDouble.of(CPU_GOAL));
    lower("  order violations", (double) canned.violations(), "records", OptionalDouble.of(0));
    lower("  peak resident memory", canned.peakBytes() / MB, "MB", OptionalDouble.empty());
    lower(
        "  the same beside half of the run",
        canned.peakBytes() / MB,
        "MB",
        OptionalDouble.of(canned.rssAtHalf() / MB),
        OptionalDouble.of(1.25 * canned.rssAtHalf() / MB));
    context.progress().accept("the same through the SDK");
    List<String> targets = List.of("sdk=256", "dense=256", "warm-up=256");
    try (StreamEndpoint endpoint = StreamEndpoint.empty(false, targets)) {
      String uri = endpoint.uri().toString();
      took(
          "whole replay, through the SDK",
          ReplayProcess.replay(folder, root, uri, false, List.of("warm-up", "sdk")),
          OptionalDouble.empty());
      took(
          "whole replay, through the SDK, dense",
          ReplayProcess.replay(folder, root, uri, true, List.of("warm-up", "dense")),
          OptionalDouble.empty());
    }
    double writer = writerPerCpuSecond(context);
    higher(
        "the writer alone, canned target: records per processor second",
        writer,
        "1/s",
        OptionalDouble.empty(),
        OptionalDouble.of(CPU_GOAL));
  }

  private static double writerPerCpuSecond(BenchContext context) {
    OrderedWriteSettings unpaced =
        OrderedWriteSettings.DEFAULTS.withQuotaShare(Double.POSITIVE_INFINITY);
    try (RealScheduler scheduler = new RealScheduler("bench")) {
      Written written =
          load(context, unpaced, false, 3, 5)
              .write(new CannedSink(32), new NumberedRecords("key-", 20_000), scheduler);
      WriteStatistics end = written.end();
      return end.acknowledged() == 0 ? 0 : written.recordsPerSecond() / written.cpuSeconds();
    }
  }

  private void took(String what, ReplayProcess.Took took, OptionalDouble goal) {
    higher(
        what + ": records per processor second",
        took.records() * 1e9 / took.cpuNanos(),
        "1/s",
        OptionalDouble.empty(),
        goal);
    higher(
        "  records a second",
        took.records() * 1e9 / took.nanos(),
        "1/s",
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  private static WriteLoad load(
      BenchContext context,
      OrderedWriteSettings settings,
      boolean measured,
      int warmUpSeconds,
      int seconds) {
    return context.quick()
        ? new WriteLoad(settings, measured, Duration.ofMillis(200), Duration.ofMillis(500))
        : new WriteLoad(
            settings, measured, Duration.ofSeconds(warmUpSeconds), Duration.ofSeconds(seconds));
  }

  private void higher(
      String name, double figure, String unit, OptionalDouble reference, OptionalDouble goal) {
    results.add(new BenchResult(name, figure, unit, Better.HIGHER, reference, "", goal));
  }

  private void lower(String name, double figure, String unit, OptionalDouble goal) {
    lower(name, figure, unit, OptionalDouble.empty(), goal);
  }

  private void lower(
      String name, double figure, String unit, OptionalDouble reference, OptionalDouble goal) {
    results.add(new BenchResult(name, figure, unit, Better.LOWER, reference, "", goal));
  }
}
