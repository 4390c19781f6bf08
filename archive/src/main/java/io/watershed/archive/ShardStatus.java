package io.watershed.archive;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One shard, as its archiver sees it now.
 *
 * @param shard the shard
 * @param parents ids of the shards that it was split or merged from
 * @param state what is being done with it
 * @param checkpoint how far it is committed
 * @param readThrough the last position read, committed or not
 * @param committedRows records archived since the shard's start
 * @param bufferedRecords read but not committed
 * @param bufferedBytes their weight in memory
 * @param behind MillisBehindLatest of the last read; empty before the first
 * @param completeThrough the last time a read reached the tip
 * @param forecast whether and when the retention overtakes the reader; empty before the first read
 *     and after the last
 * @param alarm data will be lost soon at the current rate
 */
public record ShardStatus(
    ShardKey shard,
    List<String> parents,
    State state,
    After checkpoint,
    Optional<ShardPosition> readThrough,
    long committedRows,
    long bufferedRecords,
    long bufferedBytes,
    Optional<Duration> behind,
    Optional<Instant> completeThrough,
    Optional<TrimForecast> forecast,
    boolean alarm) {
  public ShardStatus {
    parents = List.copyOf(parents);
  }

  /** What is being done with a shard. */
  public enum State {
    /** Its parents are not read to their end yet. */
    WAITING,
    /** Being read. */
    READING,
    /** Read to its end; the end is not committed, or not all of its children are known. */
    DRAINED,
    /** Archived to its end. */
    ENDED
  }
}
