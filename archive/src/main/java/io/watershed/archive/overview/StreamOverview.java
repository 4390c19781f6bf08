package io.watershed.archive.overview;

import io.watershed.core.checkpoint.Gap;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One stream's archive, and what waits in the stream.
 *
 * @param stream its name in the reservoir
 * @param records archived, over all shards and since the beginning
 * @param skipped replayed records that were counted instead of archived again
 * @param files data files of the current snapshot
 * @param bytes their size
 * @param generation of the last commit
 * @param lastCommit empty before the first one
 * @param recordsPerSecond archived per second, over the last minutes; empty if too few commits are
 *     remembered
 * @param bytesPerSecond written per second, over the same time
 * @param gaps every recorded gap, oldest first
 * @param shards every known shard, parents before children
 * @param notAsked why the stream itself was not asked; empty if it was
 */
public record StreamOverview(
    String stream,
    long records,
    long skipped,
    long files,
    long bytes,
    long generation,
    Optional<Instant> lastCommit,
    Optional<Double> recordsPerSecond,
    Optional<Double> bytesPerSecond,
    List<Gap> gaps,
    List<ShardOverview> shards,
    Optional<String> notAsked) {
  public StreamOverview {
    gaps = List.copyOf(gaps);
    shards = List.copyOf(shards);
  }

  /** The same, with the reason why the stream was not asked. */
  public StreamOverview notAsked(String why) {
    return new StreamOverview(
        stream,
        records,
        skipped,
        files,
        bytes,
        generation,
        lastCommit,
        recordsPerSecond,
        bytesPerSecond,
        gaps,
        shards,
        Optional.of(why));
  }

  /** Shards that are archived to their end. */
  public int ended() {
    return (int) shards.stream().filter(ShardOverview::ended).count();
  }

  /** The largest lag of a shard; empty if nothing waits or nobody was asked. */
  public Optional<Duration> lag() {
    return shards.stream()
        .flatMap(shard -> shard.waiting().stream())
        .flatMap(waiting -> waiting.lag().stream())
        .max(Comparator.naturalOrder());
  }

  /** The shortest time to trim of a shard. */
  public Optional<Duration> timeToTrim() {
    return shards.stream()
        .flatMap(shard -> shard.waiting().stream())
        .flatMap(waiting -> waiting.timeToTrim().stream())
        .min(Comparator.naturalOrder());
  }
}
