package io.watershed.cli;

import io.watershed.archive.overview.ShardOverview;
import io.watershed.archive.overview.StreamOverview;
import io.watershed.archive.overview.Waiting;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.config.DataSize;
import io.watershed.core.config.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An overview for a person: a line, a table of the shards that are not finished, the gaps. */
final class StatusText {
  private static final int MAX_GAPS = 20;
  private static final String ROW = "  %-24s %-8s %14s %9s %8s %9s  %s";

  private StatusText() {}

  static List<String> lines(StreamOverview stream, boolean all, Instant now) {
    List<String> lines = new ArrayList<>();
    lines.add(head(stream, now));
    List<ShardOverview> shown =
        stream.shards().stream().filter(shard -> all || !shard.ended()).toList();
    if (!shown.isEmpty()) {
      lines.add(
          ROW.formatted(
              "shard", "state", "archived", "waiting", "lag", "to trim", "last archived arrival"));
      shown.forEach(shard -> lines.add(row(stream, shard, all)));
    }
    if (stream.ended() > 0 && !all) {
      lines.add("  and %,d shards archived to their end".formatted(stream.ended()));
    }
    stream.notAsked().ifPresent(why -> lines.add("  the stream was not asked: " + why));
    stream.gaps().stream().limit(MAX_GAPS).forEach(gap -> lines.add(gap(gap)));
    if (stream.gaps().size() > MAX_GAPS) {
      lines.add("  and %,d more gaps".formatted(stream.gaps().size() - MAX_GAPS));
    }
    return lines;
  }

  private static String head(StreamOverview stream, Instant now) {
    return "%s: %,d records, %s in %,d files; %d shards (%d ended); last commit %s%s%s"
        .formatted(
            stream.stream(),
            stream.records(),
            new DataSize(stream.bytes()).approximate(),
            stream.files(),
            stream.shards().size(),
            stream.ended(),
            stream
                .lastCommit()
                .map(time -> rounded(Duration.between(time, now)) + " ago")
                .orElse("never"),
            stream
                .recordsPerSecond()
                .map(rate -> String.format(Locale.ROOT, "; %,.1f records/s archived", rate))
                .orElse(""),
            stream.gaps().isEmpty() ? "" : "; GAPS: " + stream.gaps().size());
  }

  private static String row(StreamOverview stream, ShardOverview shard, boolean withParents) {
    Optional<Waiting> waiting = shard.waiting().filter(w -> w.problem().isEmpty());
    String none = shard.ended() ? "-" : "?";
    return ROW.formatted(
        shard.checkpoint().key().shardId(),
        state(stream, shard),
        "%,d".formatted(shard.checkpoint().rows()),
        waiting.map(w -> "%,d%s".formatted(w.records(), w.more() ? "+" : "")).orElse(none),
        waiting.map(w -> w.lag().map(StatusText::rounded).orElse("0s")).orElse(none),
        waiting.map(w -> w.timeToTrim().map(StatusText::left).orElse("-")).orElse(none),
        shard.lastArrival().map(StatusText::seconds).orElse("-")
            + (withParents ? parents(shard) : "")
            + shard.waiting().flatMap(Waiting::problem).map(p -> "  (" + p + ")").orElse(""));
  }

  /** A shard whose parents are not archived to their end is read after them. */
  private static String state(StreamOverview stream, ShardOverview shard) {
    if (shard.ended()) {
      return "ended";
    }
    List<String> parents = shard.checkpoint().shard().parents();
    boolean blocked =
        stream.shards().stream()
            .filter(s -> !s.ended())
            .map(s -> s.checkpoint().key())
            .filter(key -> key.incarnation().equals(shard.checkpoint().key().incarnation()))
            .anyMatch(key -> parents.contains(key.shardId()));
    return blocked ? "waits" : "open";
  }

  private static String parents(ShardOverview shard) {
    List<String> parents = shard.checkpoint().shard().parents();
    return parents.isEmpty() ? "" : "  from " + String.join(" and ", parents);
  }

  private static String gap(Gap gap) {
    return "  GAP in %s, between %s and %s: %s"
        .formatted(
            gap.shard().shardId(),
            gap.from().map(StatusText::seconds).orElse("?"),
            gap.until().map(StatusText::seconds).orElse("?"),
            gap.reason());
  }

  private static String left(Duration duration) {
    return duration.isNegative() || duration.isZero() ? "NOW" : rounded(duration);
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Seconds below an hour, minutes above. */
  private static String rounded(Duration duration) {
    Duration positive = duration.isNegative() ? Duration.ZERO : duration;
    return DurationText.format(
        positive.truncatedTo(positive.toHours() > 0 ? ChronoUnit.MINUTES : ChronoUnit.SECONDS));
  }
}
