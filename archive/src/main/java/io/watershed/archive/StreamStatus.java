package io.watershed.archive;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One stream, as its archiver sees it now. A value: it does not change any more.
 *
 * @param stream the stream's name in the reservoir
 * @param phase what the archiver does
 * @param incarnation the incarnation's id; empty before the stream was described
 * @param shards unfinished shards and those that ended in this run, by shard id
 * @param records records archived by this run
 * @param skipped replayed records counted instead, by this run
 * @param commits commits of this run
 * @param gaps gaps recorded by this run
 * @param fences encounters with another archiver
 * @param recordsPerSecond read in the last seconds
 * @param bytesPerSecond payload bytes read in the last seconds
 * @param bufferedBytes read but not committed
 * @param lag the largest MillisBehindLatest of the shards; empty before each was read once
 * @param lossIn the time until the first shard loses data at its current rate; empty if none does
 * @param lastCommit when the last commit of this run ended
 * @param trouble what is being retried, as a sentence; empty if all is well
 */
public record StreamStatus(
    String stream,
    Phase phase,
    Optional<String> incarnation,
    List<ShardStatus> shards,
    long records,
    long skipped,
    long commits,
    long gaps,
    int fences,
    double recordsPerSecond,
    double bytesPerSecond,
    long bufferedBytes,
    Optional<Duration> lag,
    Optional<Duration> lossIn,
    Optional<Instant> lastCommit,
    Optional<String> trouble) {
  public StreamStatus {
    shards = List.copyOf(shards);
  }

  /** Shards that will lose data soon at the current rate. */
  public long alarms() {
    return shards.stream().filter(ShardStatus::alarm).count();
  }

  /** What an archiver does. */
  public enum Phase {
    /** Loads the table, describes the stream, lists its shards. */
    OPENING,
    /** Reads and commits. */
    RUNNING,
    /** Was fenced; watches whether the other archiver lives. */
    FENCED,
    /** Was asked to stop; commits what was read. */
    STOPPING,
    /** Is done. */
    DONE
  }
}
