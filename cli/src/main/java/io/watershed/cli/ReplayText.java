package io.watershed.cli;

import io.watershed.core.config.DurationText;
import io.watershed.core.config.ReplaySettings;
import io.watershed.replay.ReplayPlan;
import io.watershed.reservoir.replays.StoredReplay;
import io.watershed.reservoir.replays.StoredReplay.Owner;
import io.watershed.reservoir.replays.StoredReplay.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A replay of the ledger in print: lines for a person, JSON for a program. */
final class ReplayText {
  static final String HEADING =
      "%-12s  %-9s  %3s  %21s  %-20s  %s"
          .formatted("REPLAY", "STATE", "RUN", "ACKNOWLEDGED", "PLANNED AT", "FROM -> TO");
  private static final int ID_CHARS = ReplayPlan.ID_CHARS;

  private final StoredReplay replay;
  private final Duration patience;
  private final InstantSource clock;

  ReplayText(StoredReplay replay, ReplaySettings settings, InstantSource clock) {
    this.replay = replay;
    this.patience = settings.lease().plus(settings.requestTimeout());
    this.clock = clock;
  }

  /** One line of a list. */
  String line() {
    return "%-12s  %-9s  %3d  %,10d/%,10d  %-20s  %s -> %s"
        .formatted(
            id(),
            replay.state(),
            replay.run(),
            acknowledged(),
            toSend(),
            seconds(replay.plannedAt()),
            replay.stream(),
            replay.target());
  }

  /** Everything, for a person. */
  List<String> lines(ReplayPlan plan) {
    List<String> lines = new ArrayList<>();
    lines.add("replay " + id() + " (" + replay.hash() + ")");
    line(lines, "planned", seconds(replay.plannedAt()) + " by the store's clock");
    line(lines, "from", plan.stream() + " as of receipt " + plan.receipt());
    ReplayPlanText.selection(plan).forEach(text -> line(lines, "", text));
    line(lines, "to", targetArn().orElse(plan.target()));
    ReplayPlanText.delivery(plan).forEach(text -> line(lines, "", text));
    line(lines, "state", state());
    line(lines, "records", "%,d of %,d acknowledged".formatted(acknowledged(), toSend()));
    replay.progress().ifPresent(progress -> leftOut(lines, progress));
    replay.progress().ifPresent(progress -> troubles(lines, progress));
    replay.owners().forEach(owner -> line(lines, "run " + owner.run(), text(owner)));
    line(lines, "next", next());
    return lines;
  }

  private static void line(List<String> lines, String name, String text) {
    lines.add("  %-9s%s".formatted(name, text));
  }

  private void leftOut(List<String> lines, Progress progress) {
    if (progress.skipped() > 0) {
      line(lines, "", "%,d too large, left out".formatted(progress.skipped()));
    }
    if (progress.superseded() > 0) {
      line(
          lines,
          "",
          "%,d superseded, left out: listed below %s in the reservoir, and by --superseded"
              .formatted(progress.superseded(), replay.supersededPrefix()));
    }
  }

  private static void troubles(List<String> lines, Progress progress) {
    if (progress.possibleDuplicates() > 0) {
      line(lines, "", "up to %,d twice".formatted(progress.possibleDuplicates()));
    }
    if (progress.orderViolations() > 0) {
      line(lines, "", "%,d order violations".formatted(progress.orderViolations()));
    }
  }

  private String state() {
    String by =
        replay.progress().flatMap(Progress::requestedBy).map(who -> " by " + who).orElse("");
    return replay.state()
        + (replay.run() > 1 ? ", run " + replay.run() : "")
        + (replay.state().equals("running") ? sign() : by);
  }

  private String sign() {
    Duration silent = Duration.between(lastSign(), clock.instant()).truncatedTo(ChronoUnit.SECONDS);
    return silent.compareTo(patience) > 0
        ? ", but silent for " + DurationText.format(silent) + ": its process is probably dead"
        : ", last sign of life at " + seconds(lastSign());
  }

  private Instant lastSign() {
    Owner owner = newestOwner();
    return owner.last().map(Progress::updatedAt).orElse(owner.takenAt());
  }

  private Owner newestOwner() {
    return replay.owners().get(replay.owners().size() - 1);
  }

  private static String text(Owner owner) {
    String did = owner.action().equals("RUN") ? "" : owner.action().toLowerCase(Locale.ROOT) + " ";
    return "epoch %d: %sby %s at %s%s"
        .formatted(
            owner.epoch(),
            did,
            owner.by(),
            seconds(owner.takenAt()),
            owner.last().map(ReplayText::text).orElse(", nothing entered"));
  }

  private static String text(Progress progress) {
    return ", %s at %s%s: %,d acknowledged%s"
        .formatted(
            progress.state().toLowerCase(Locale.ROOT),
            seconds(progress.updatedAt()),
            progress.requestedBy().map(who -> " for " + who).orElse(""),
            progress.acknowledged(),
            progress
                .through()
                .map(place -> ", through " + place.shard() + " " + place.position())
                .orElse(""));
  }

  private String next() {
    String command = "watershed replay ";
    return switch (replay.state()) {
      case "planned" -> command + "run " + id();
      case "running" ->
          command + "pause " + id() + ", or, if its process died: " + command + "resume " + id();
      case "finished", "cancelled" -> "nothing; anew with: " + command + "run " + id() + " --force";
      default -> command + "resume " + id() + ", or " + command + "cancel " + id();
    };
  }

  private String id() {
    return replay.hash().substring(0, Math.min(ID_CHARS, replay.hash().length()));
  }

  private long acknowledged() {
    return replay.progress().map(Progress::acknowledged).orElse(0L);
  }

  private long toSend() {
    return replay.records() - replay.oversize();
  }

  private Optional<String> targetArn() {
    return replay.owners().stream()
        .map(Owner::targetArn)
        .filter(arn -> !arn.isEmpty())
        .reduce((a, b) -> b);
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
