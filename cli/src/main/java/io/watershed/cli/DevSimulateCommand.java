package io.watershed.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.simulator.SeedResult;
import io.watershed.simulator.Simulator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the fault simulator over many seeds. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the archiver and the archive table through simulated faults, one run for each seed.",
      "Exits with 4 if a record was lost, doubled or changed; a seed always gives the same run."
    },
    footer = {"", "Example:", "  watershed dev simulate --seeds 10000 --from-seed 1"})
final class DevSimulateCommand implements Callable<Integer> {
  private static final int MAX_FAILURES = 10;

  private final CommandContext context;
  private final AtomicBoolean stopped = new AtomicBoolean();

  @Option(names = "--seeds", paramLabel = "N", description = "How many seeds (${DEFAULT-VALUE}).")
  long seeds = 300;

  @Option(
      names = "--from-seed",
      paramLabel = "SEED",
      description = "The first seed (${DEFAULT-VALUE}).")
  long fromSeed = 1;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "Events to show of a run that failed, its last ones (${DEFAULT-VALUE}).")
  int events = 40;

  DevSimulateCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    if (seeds < 1 || events < 0) {
      throw new WatershedException(
          ErrorCode.USAGE, "--seeds must be at least 1, --events not negative", "");
    }
    LogSetup.silent();
    Totals totals = new Totals();
    ProgressLine progress = new ProgressLine(context.console(), context.clock());
    long begun = context.clock().millis();
    try (Simulator simulator = new Simulator();
        AutoCloseable registration = context.shutdown().onStop(() -> stopped.set(true))) {
      while (totals.runs < seeds && totals.failed.size() < MAX_FAILURES && !stopped.get()) {
        totals.add(simulator.run(fromSeed + totals.runs));
        progress.update(
            () ->
                "seed %d: %d of %d runs, %d failed"
                    .formatted(
                        fromSeed + totals.runs - 1, totals.runs, seeds, totals.failed.size()));
      }
    }
    progress.clear();
    report(totals, context.clock().millis() - begun);
    return exitCode(totals);
  }

  private int exitCode(Totals totals) {
    long left = seeds - totals.runs;
    if (left > 0) {
      context
          .console()
          .say(
              "Stopped%s. Go on: %s dev simulate --seeds %d --from-seed %d"
                  .formatted(
                      stopped.get() ? "" : " at " + MAX_FAILURES + " failures",
                      context.launcher(),
                      left,
                      fromSeed + totals.runs));
    }
    if (!totals.failed.isEmpty()) {
      return ErrorCode.INTEGRITY.exitCode();
    }
    return left > 0 ? ErrorCode.CANCELLED.exitCode() : 0;
  }

  private void report(Totals totals, long millis) {
    double each = (double) millis / Math.max(1, totals.runs);
    if (context.options().format() == OutputFormat.JSON) {
      context.console().print(json(totals, millis).toString());
      return;
    }
    for (SeedResult failed : totals.failed) {
      printFailure(failed);
    }
    context
        .console()
        .print(
            """
            %-22s %d (from %d)
            %-22s %d
            %-22s %d
            %-22s %d
            %-22s %d
            %-22s %d
            %-22s %.1f ms a seed"""
                .formatted(
                    "seeds",
                    totals.runs,
                    fromSeed,
                    "failed",
                    totals.failed.size(),
                    "records put",
                    totals.records,
                    "commits",
                    totals.commits,
                    "archivers started",
                    totals.archivers,
                    "gaps recorded",
                    totals.gaps,
                    "time",
                    each));
  }

  private void printFailure(SeedResult failed) {
    context.console().print("seed " + failed.seed() + " failed:");
    failed.findings().stream().limit(5).forEach(f -> context.console().print("  " + f));
    if (failed.findings().size() > 5) {
      context.console().print("  and " + (failed.findings().size() - 5) + " more");
    }
    context.console().print("  last events:");
    lastEvents(failed).forEach(event -> context.console().print("    " + event));
  }

  private List<String> lastEvents(SeedResult failed) {
    List<String> all = failed.lastEvents();
    return all.subList(Math.max(0, all.size() - events), all.size());
  }

  private ObjectNode json(Totals totals, long millis) {
    ObjectNode json = Json.object();
    json.put("seeds", totals.runs)
        .put("from_seed", fromSeed)
        .put("records", totals.records)
        .put("commits", totals.commits)
        .put("archivers", totals.archivers)
        .put("gaps", totals.gaps)
        .put("millis", millis);
    var failures = json.putArray("failures");
    for (SeedResult failed : totals.failed) {
      ObjectNode one = failures.addObject().put("seed", failed.seed());
      var findings = one.putArray("findings");
      failed.findings().forEach(findings::add);
      var last = one.putArray("last_events");
      lastEvents(failed).forEach(last::add);
    }
    return json;
  }

  /** Of all runs so far. */
  private static final class Totals {
    private final List<SeedResult> failed = new ArrayList<>();
    private long runs;
    private long records;
    private long commits;
    private long archivers;
    private long gaps;

    void add(SeedResult result) {
      runs++;
      records += result.records();
      commits += result.commits();
      archivers += result.archivers();
      gaps += result.gaps();
      if (!result.isWell()) {
        failed.add(result);
      }
    }
  }
}
