package io.watershed.cli;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.QueryEngine;
import io.watershed.replay.OutcomeJson;
import io.watershed.replay.PlanOutlook;
import io.watershed.replay.ReplayOutcome;
import io.watershed.replay.ReplayPlan;
import io.watershed.replay.Replays;
import io.watershed.replay.RunMode;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the commands that run a plan have in common: show it, ask, run, report. */
final class ReplayRunner {
  /** Finds or makes the plan. */
  interface PlanSource {
    ReplayPlan plan(Replays replays) throws IOException;
  }

  /** A part of a full buffer that is worth a word. */
  private static final double HOT = 0.5;

  private final CommandContext context;
  private final boolean yes;
  private final RunMode mode;

  /**
   * @param yes whether nobody is asked
   */
  ReplayRunner(CommandContext context, boolean yes, RunMode mode) {
    this.context = context;
    this.yes = yes;
    this.mode = mode;
  }

  /** Returns the exit status. */
  int run(PlanSource source, int preview) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    try (Connections connections = new Connections(context, context.config());
        QueryEngine engine = connections.engine();
        AutoCloseable unused = context.shutdown().onStop(() -> stop.set(true))) {
      Replays replays = connections.replays(engine);
      ReplayPlan plan = source.plan(replays);
      show(plan, replays.outlook(plan, preview), connections);
      return report(replays.run(plan, mode, new ReplayProgressLine(context), stop::get));
    }
  }

  private void show(ReplayPlan plan, PlanOutlook outlook, Connections connections)
      throws IOException {
    ReplayPlanText text =
        new ReplayPlanText(
            plan, outlook, connections.describeTarget(plan.target()), Optional.empty());
    text.lines().forEach(context.console()::say);
    text.preview().forEach(context.console()::say);
    String question = "Replay %,d records into %s?".formatted(plan.toSend(), outlook.targetArn());
    if (!yes && !new Confirmation(context).given("A replay", question)) {
      throw new WatershedException(
          ErrorCode.CANCELLED,
          "Nothing was replayed",
          "Run it with: " + context.again("replay", "run", plan.id()));
    }
  }

  private int report(ReplayOutcome outcome) {
    if (context.options().format() == OutputFormat.TABLE) {
      context.console().print(sentence(outcome));
    } else {
      context.console().print(OutcomeJson.of(outcome).toString());
    }
    if (outcome.superseded() > 0) {
      context
          .console()
          .say(
              "%,d records were left out: the target holds newer ones. Which: %s"
                  .formatted(
                      outcome.superseded(),
                      context.again("replay", "show", outcome.planId(), "--superseded")));
    }
    if (outcome.hotKeyShare() >= HOT) {
      context
          .console()
          .say(
              ("One key held up the others (%.0f %% of what waited): its records go one by one."
                      + " If the target's consumers take aggregated records apart, plan with --dense.")
                  .formatted(100 * outcome.hotKeyShare()));
    }
    if (outcome.error().isPresent()) {
      int status = new Failures(context).ofCommand(outcome.error().get());
      goOn(outcome);
      return status;
    }
    return switch (outcome.ending()) {
      case STOPPED, PAUSED -> goOn(outcome);
      case CANCELLED -> ErrorCode.CANCELLED.exitCode();
      case ALREADY_FINISHED -> {
        context
            .console()
            .say(
                "Nothing was sent. For a new run: "
                    + context.again("replay", "run", outcome.planId(), "--force"));
        yield 0;
      }
      default -> outcome.orderViolations() == 0 ? 0 : ErrorCode.INTEGRITY.exitCode();
    };
  }

  private int goOn(ReplayOutcome outcome) {
    context.console().say("Go on with: " + context.again("replay", "resume", outcome.planId()));
    return ErrorCode.CANCELLED.exitCode();
  }

  private static String sentence(ReplayOutcome outcome) {
    return "%s: %,d of %,d records acknowledged%s, %d order violations%s"
        .formatted(
            outcome.ending().name().toLowerCase(Locale.ROOT).replace('_', ' '),
            outcome.acknowledged(),
            outcome.planned(),
            outcome.superseded() == 0 ? "" : ", %,d superseded".formatted(outcome.superseded()),
            outcome.orderViolations(),
            outcome.possibleDuplicates() == 0
                ? ""
                : ", up to %,d twice".formatted(outcome.possibleDuplicates()));
  }
}
