package io.watershed.cli;

import io.watershed.core.config.DataSize;
import io.watershed.core.config.DurationText;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.QueryEngine;
import io.watershed.query.RecordSelection;
import io.watershed.replay.Delivery;
import io.watershed.replay.EnvelopeMode;
import io.watershed.replay.ReplayListener;
import io.watershed.replay.ReplayOutcome;
import io.watershed.replay.ReplayPace;
import io.watershed.replay.ReplayPlan;
import io.watershed.replay.ReplayProgress;
import io.watershed.replay.ReplayRequest;
import io.watershed.replay.Replays;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plans a replay, shows it, asks, and runs it. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Puts archived records into a stream, per key in the archive's order.",
      "Shows the plan first, and asks. Interrupted, it goes on with --resume."
    },
    footer = {
      "",
      "Examples:",
      "  watershed replay orders --from 2h --target orders-test",
      "  watershed replay orders --from 2026-11-01 --to 2026-11-02 --where \"status = 'failed'\" \\",
      "      --target orders-again --yes",
      "  watershed replay --resume 3f2a90c417be"
    })
final class ReplayCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "STREAM", arity = "0..1", description = "The archived stream.")
  @Nullable String stream;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Only records that arrived then or later: RFC 3339, a date (UTC), or 2h.")
  @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Only records that arrived before.")
  @Nullable String to;

  @Option(
      names = "--where",
      paramLabel = "SQL",
      description = "Only records for which this holds, over the columns of the view.")
  @Nullable String where;

  @Option(
      names = "--as-of",
      paramLabel = "RECEIPT|TIME",
      description = {
        "Only records that this receipt's statement saw, or, approximately, those that had arrived",
        "by a time."
      })
  @Nullable String asOf;

  @Option(names = "--target", paramLabel = "STREAM", description = "The stream to write to.")
  @Nullable String target;

  @Option(
      names = "--share",
      paramLabel = "0..1",
      description = "Part of the target's write quota to use. Default: 0.5.")
  @Nullable Double share;

  @Option(names = "--max-rate", paramLabel = "N", description = "At most N records a second.")
  @Nullable Double maxRate;

  @Option(
      names = "--envelope",
      paramLabel = "member|header|none",
      description = {
        "Where a record says what it is a copy of: in a JSON object as its first member (the",
        "default), always before the payload, or not at all: then nobody can tell it from a live",
        "record."
      })
  EnvelopeMode envelope = EnvelopeMode.MEMBER;

  @Option(names = "--allow-source", description = "Allow the archived stream itself as the target.")
  boolean allowSource;

  @Option(
      names = "--skip-oversize",
      description = "Leave out records that are too large for the target with their envelope.")
  boolean skipOversize;

  @Option(
      names = "--resume",
      paramLabel = "PLAN",
      description = "Go on with an interrupted replay, by its plan's id.")
  @Nullable String resume;

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  ReplayCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    WatershedConfig config = context.config();
    AtomicBoolean stop = new AtomicBoolean();
    try (Connections connections = new Connections(context, config);
        QueryEngine engine = connections.engine();
        AutoCloseable unused = context.shutdown().onStop(() -> stop.set(true))) {
      Replays replays = connections.replays(engine);
      ReplayPlan plan = resume == null ? replays.plan(request(config)) : replays.load(resume);
      show(plan, connections.describeTarget(plan.target()));
      if (!yes && !new Confirmation(context).given("A replay", "Replay?")) {
        throw new WatershedException(
            ErrorCode.CANCELLED,
            "Nothing was replayed",
            "Run it with: watershed replay --resume " + plan.id() + " --yes");
      }
      return report(replays.run(plan, new Progress(context), stop::get));
    }
  }

  private ReplayRequest request(WatershedConfig config) {
    if (stream == null || target == null) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "A replay needs the archived stream and --target",
          "Such as: watershed replay orders --from 2h --target orders-test");
    }
    RecordSelection times =
        RecordSelection.ALL.between(
            Optional.ofNullable(from).map(text -> TimeText.parse(text, context.clock())),
            Optional.ofNullable(to).map(text -> TimeText.parse(text, context.clock())));
    return new ReplayRequest(
        config.find(stream).map(s -> s.alias()).orElse(stream),
        where == null ? times : times.where(where),
        Optional.ofNullable(asOf).map(text -> AsOfText.parse(text, context.clock())),
        target,
        Delivery.DEFAULT
            .paced(
                new ReplayPace(
                    share == null ? ReplayPace.DEFAULT.quotaShare() : share,
                    maxRate == null ? OptionalDouble.empty() : OptionalDouble.of(maxRate)))
            .enveloped(envelope)
            .skippingOversize(skipOversize),
        allowSource);
  }

  private void show(ReplayPlan plan, String targetPlace) {
    Console console = context.console();
    console.say("plan " + plan.id());
    console.say(
        "  from     "
            + plan.stream()
            + plan.selection().from().map(time -> ", arrived from " + time).orElse("")
            + plan.selection().until().map(time -> ", arrived before " + time).orElse("")
            + plan.selection().where().map(sql -> ", where " + sql).orElse(""));
    console.say("  to       " + targetPlace);
    console.say(
        "  records  %,d (%s)"
            .formatted(plan.toSend(), new DataSize(plan.counts().payloadBytes()).approximate()));
    plan.notes().forEach(note -> console.say("  note     " + note));
  }

  private int report(ReplayOutcome outcome) {
    if (context.options().format() == OutputFormat.TABLE) {
      context
          .console()
          .print(
              "%s: %,d of %,d records acknowledged, %d order violations%s"
                  .formatted(
                      outcome.ending().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                      outcome.acknowledged(),
                      outcome.planned(),
                      outcome.orderViolations(),
                      outcome.possibleDuplicates() == 0
                          ? ""
                          : ", up to %,d twice".formatted(outcome.possibleDuplicates())));
    } else {
      context.console().print(json(outcome));
    }
    if (outcome.error().isPresent()) {
      return new Failures(context).ofCommand(outcome.error().get());
    }
    if (outcome.ending() == ReplayOutcome.Ending.STOPPED) {
      context.console().say("Go on with: watershed replay --resume " + outcome.planId() + " --yes");
      return ErrorCode.CANCELLED.exitCode();
    }
    return outcome.orderViolations() == 0 ? 0 : ErrorCode.INTEGRITY.exitCode();
  }

  private static String json(ReplayOutcome outcome) {
    return Json.object()
        .put("plan", outcome.planId())
        .put("ending", outcome.ending().name().toLowerCase(Locale.ROOT))
        .put("planned", outcome.planned())
        .put("acknowledged", outcome.acknowledged())
        .put("skipped_oversize", outcome.skippedOversize())
        .put("possible_duplicates", outcome.possibleDuplicates())
        .put("order_violations", outcome.orderViolations())
        .put("throttles", outcome.throttles())
        .put("retries", outcome.retries())
        .put("error", outcome.error().map(e -> e.code().text()).orElse(null))
        .toString();
  }

  /** One line with rate and time left. */
  private static final class Progress implements ReplayListener {
    private final CommandContext context;
    private final ProgressLine line;

    Progress(CommandContext context) {
      this.context = context;
      this.line = new ProgressLine(context.console(), context.clock());
    }

    @Override
    public void progress(ReplayProgress progress) {
      if (progress.acknowledged() >= progress.planned()) {
        line.clear();
        return;
      }
      line.update(
          () ->
              "replay %,d of %,d, %,.0f records/s%s%s"
                  .formatted(
                      progress.acknowledged(),
                      progress.planned(),
                      progress.recordsPerSecond(),
                      progress
                          .eta()
                          .map(eta -> ", " + DurationText.format(upToSeconds(eta)) + " left")
                          .orElse(""),
                      progress.throttles() == 0
                          ? ""
                          : ", %,d throttled".formatted(progress.throttles())));
    }

    @Override
    public void waitingForOtherRun(Duration atMost) {
      context
          .console()
          .say(
              "Another process may be running this plan; waiting up to "
                  + atMost.toSeconds()
                  + " s");
    }

    private static Duration upToSeconds(Duration duration) {
      return duration.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    }
  }
}
