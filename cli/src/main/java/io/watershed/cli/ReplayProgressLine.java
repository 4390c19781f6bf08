package io.watershed.cli;

import io.watershed.core.config.DurationText;
import io.watershed.replay.ReplayListener;
import io.watershed.replay.ReplayProgress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** One line with rate and time left. */
final class ReplayProgressLine implements ReplayListener {
  private final CommandContext context;
  private final ProgressLine line;

  ReplayProgressLine(CommandContext context) {
    this.context = context;
    this.line = new ProgressLine(context.console(), context.clock());
  }

  @Override
  public void progress(ReplayProgress progress) {
    if (progress.done() >= progress.planned()) {
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
                    troubles(progress)));
  }

  private static String troubles(ReplayProgress progress) {
    String superseded =
        progress.superseded() == 0 ? "" : ", %,d superseded".formatted(progress.superseded());
    String throttled =
        superseded
            + (progress.throttles() == 0 ? "" : ", %,d throttled".formatted(progress.throttles()));
    return progress.retries() == 0
        ? throttled
        : throttled + ", %,d sent again".formatted(progress.retries());
  }

  @Override
  public void waitingForOtherRun(String owner, Duration atMost) {
    context
        .console()
        .say(
            "This plan may be running already (%s): waiting for a sign of life, at most %d s"
                    .formatted(owner, atMost.toSeconds())
                + " (the lease and a request's timeout), then it is taken over");
  }

  @Override
  public void waitingForOwner(String owner, Duration atMostSilent) {
    context
        .console()
        .say(
            "Asked the process that runs it (%s); waiting until it has settled what is in flight, or"
                    .formatted(owner)
                + " was silent for %d s".formatted(atMostSilent.toSeconds()));
  }

  private static Duration upToSeconds(Duration duration) {
    return duration.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
  }
}
