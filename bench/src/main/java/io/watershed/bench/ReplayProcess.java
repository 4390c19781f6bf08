package io.watershed.bench;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.ReplayGuards;
import io.watershed.core.config.ReplaySettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.query.QueryEngine;
import io.watershed.replay.Delivery;
import io.watershed.replay.ReplayListener;
import io.watershed.replay.ReplayOutcome;
import io.watershed.replay.ReplayPace;
import io.watershed.replay.ReplayPlan;
import io.watershed.replay.ReplayRequest;
import io.watershed.replay.Replays;
import io.watershed.replay.Targets;
import io.watershed.reservoir.Reservoir;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A process of its own that replays an archive: scan, envelope, ledger, ordered writer. Into a
 * target that takes everything at once, in the same process; or through the SDK into an endpoint.
 */
final class ReplayProcess {
  private static final int SHARDS = 256;

  private ReplayProcess() {}

  /**
   * What a replay took.
   *
   * @param rssAtHalf resident bytes when half of it was done
   */
  record Took(
      long records, long violations, long cpuNanos, long nanos, long peakBytes, long rssAtHalf) {
    private String line() {
      return records
          + " "
          + violations
          + " "
          + cpuNanos
          + " "
          + nanos
          + " "
          + peakBytes
          + " "
          + rssAtHalf;
    }

    private static Took parse(String line) {
      String[] p = line.split(" ", -1);
      return new Took(
          Long.parseLong(p[0]),
          Long.parseLong(p[1]),
          Long.parseLong(p[2]),
          Long.parseLong(p[3]),
          Long.parseLong(p[4]),
          Long.parseLong(p[5]));
    }
  }

  /**
   * Starts it and waits.
   *
   * @param targets streams to replay into, one after the other; the last one counts
   */
  static Took replay(
      Path folder, Path reservoir, String endpoint, boolean dense, List<String> targets)
      throws Exception {
    List<String> options = new ArrayList<>(List.of("-Xmx512m", "-XX:MaxDirectMemorySize=96m"));
    options.add(Processes.quiet(folder));
    List<String> arguments =
        new ArrayList<>(
            List.of(reservoir.toString(), folder.toString(), endpoint, Boolean.toString(dense)));
    arguments.addAll(targets);
    Process process = Processes.start(ReplayProcess.class, options, arguments);
    try {
      return Took.parse(Processes.result(process));
    } finally {
      process.destroy();
      int unused = process.waitFor();
    }
  }

  /** Arguments: reservoir, folder, endpoint (empty for none), dense, targets. */
  public static void main(String[] args) throws IOException {
    String endpoint = args[2];
    AwsAccess access =
        endpoint.isEmpty()
            ? AwsAccess.local(URI.create("http://127.0.0.1:1"))
            : AwsAccess.local(URI.create(endpoint));
    try (KinesisStreams streams = KinesisStreams.open(access);
        Reservoir reservoir = Reservoir.open(args[0], AwsAccess.DEFAULT);
        QueryEngine engine =
            QueryEngine.open(
                reservoir,
                StreamSources.of(Map.of()),
                SqlSettings.DEFAULTS,
                StreamEndpoint.ALL,
                Path.of(args[1]))) {
      Targets targets =
          target -> endpoint.isEmpty() ? new CannedSink(SHARDS) : streams.sink(target);
      Replays replays =
          Replays.of(reservoir, engine, targets, ReplaySettings.DEFAULTS, ReplayGuards.DEFAULTS);
      Took took = new Took(0, 0, 0, 0, 0, 0);
      for (String target : List.of(args).subList(4, args.length)) {
        took = run(replays, target, Boolean.parseBoolean(args[3]));
      }
      System.out.println(Processes.RESULT + took.line());
    }
  }

  private static Took run(Replays replays, String target, boolean dense) throws IOException {
    ReplayPlan plan =
        replays.plan(
            ReplayRequest.of("orders", target)
                .delivered(
                    Delivery.DEFAULT
                        .paced(new ReplayPace(1, OptionalDouble.empty()))
                        .packed(dense)));
    long[] atHalf = {0};
    ReplayListener listener =
        progress -> {
          if (atHalf[0] == 0 && progress.acknowledged() * 2 > progress.planned()) {
            atHalf[0] = Processes.residentBytes();
          }
        };
    long cpu = References.processCpuNanos();
    long start = System.nanoTime();
    ReplayOutcome outcome = replays.run(plan, listener, () -> false);
    long nanos = System.nanoTime() - start;
    long used = References.processCpuNanos() - cpu;
    outcome
        .error()
        .ifPresent(
            error -> {
              throw error;
            });
    return new Took(
        outcome.acknowledged(),
        outcome.orderViolations(),
        used,
        nanos,
        Processes.peakBytes(),
        atHalf[0]);
  }
}
