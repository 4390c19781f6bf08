package io.watershed.archive;

import io.watershed.archive.StreamStatus.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the values that others see of a running archiver. */
final class StatusView {
  private StatusView() {}

  static StreamStatus of(
      String stream,
      Phase phase,
      @Nullable OpenStream open,
      Progress progress,
      FenceWatch fences,
      Optional<String> trouble,
      Instant now) {
    List<ShardStatus> shards = new ArrayList<>();
    if (open != null) {
      open.session().feeds().forEach(feed -> shards.add(of(open, feed, now)));
    }
    return new StreamStatus(
        stream,
        phase,
        Optional.ofNullable(open).map(o -> o.session().incarnation().id()),
        shards,
        progress.records(),
        progress.skipped(),
        progress.commits(),
        progress.gapCount(),
        fences.total(),
        progress.recordsPerSecond(now),
        progress.bytesPerSecond(now),
        shards.stream().mapToLong(ShardStatus::bufferedBytes).sum(),
        lag(shards),
        lossIn(shards),
        progress.lastCommit(),
        trouble);
  }

  private static Optional<Duration> lag(List<ShardStatus> shards) {
    return shards.stream().flatMap(s -> s.behind().stream()).max(Comparator.naturalOrder());
  }

  private static Optional<Duration> lossIn(List<ShardStatus> shards) {
    return shards.stream()
        .flatMap(shard -> shard.forecast().stream())
        .flatMap(forecast -> forecast.lossIn().stream())
        .min(Comparator.naturalOrder());
  }

  private static ShardStatus of(OpenStream open, ShardFeed feed, Instant now) {
    return new ShardStatus(
        feed.key(),
        feed.base().shard().parents(),
        stateOf(open.session(), feed),
        feed.base().after(),
        feed.high(),
        feed.base().rows(),
        feed.recordCount(),
        feed.weight(),
        feed.behind(),
        feed.tipAt().or(() -> feed.base().completeThrough()),
        open.trims().forecast(feed, now),
        open.trims().isRaised(feed.key()));
  }

  private static ShardStatus.State stateOf(Session session, ShardFeed feed) {
    if (feed.isDrained()) {
      return session.ends(feed) ? ShardStatus.State.ENDED : ShardStatus.State.DRAINED;
    }
    return feed.isStarted() ? ShardStatus.State.READING : ShardStatus.State.WAITING;
  }
}
