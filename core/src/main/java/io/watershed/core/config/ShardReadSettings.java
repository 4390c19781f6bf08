package io.watershed.core.config;

import java.time.Duration;

/**
 * How one shard is read. Kinesis allows 5 reads and 2 MB a second per shard, shared by all of its
 * consumers.
 *
 * @param maxReadsPerSecond GetRecords calls a second, at most 5
 * @param maxRecordsPerRead records asked for in one call, 1 to 10,000
 * @param minIdleDelay wait before the first read after an empty one at the tip; doubles from there
 * @param maxIdleDelay bound of that wait
 * @param maxEmptyReads empty reads before the tip that are believed while looking for a position
 * @param clockSlack how far this machine's clock may be off, when it is compared with the stream's
 * @param retry for throttles and transient failures
 */
public record ShardReadSettings(
    double maxReadsPerSecond,
    int maxRecordsPerRead,
    Duration minIdleDelay,
    Duration maxIdleDelay,
    int maxEmptyReads,
    Duration clockSlack,
    RetrySettings retry) {

  /** 4 reads a second (2 when idle for long), 10 minutes of clock slack, 5 minutes of retries. */
  public static final ShardReadSettings DEFAULTS =
      new ShardReadSettings(
          4,
          10_000,
          Duration.ofMillis(250),
          Duration.ofSeconds(1),
          25,
          Duration.ofMinutes(10),
          new RetrySettings(
              40, Duration.ofMinutes(5), Duration.ofMillis(100), Duration.ofSeconds(15)));

  public ShardReadSettings {
    if (!(maxReadsPerSecond > 0 && maxReadsPerSecond <= 1_000_000)) {
      throw new IllegalArgumentException("maxReadsPerSecond " + maxReadsPerSecond);
    }
    if (maxRecordsPerRead < 1 || maxRecordsPerRead > 10_000) {
      throw new IllegalArgumentException("maxRecordsPerRead " + maxRecordsPerRead);
    }
    if (maxEmptyReads < 1) {
      throw new IllegalArgumentException("maxEmptyReads " + maxEmptyReads);
    }
  }

  /** The same with another number of reads a second. */
  public ShardReadSettings withMaxReadsPerSecond(double reads) {
    return new ShardReadSettings(
        reads, maxRecordsPerRead, minIdleDelay, maxIdleDelay, maxEmptyReads, clockSlack, retry);
  }

  /** The same with another bound of the wait before a read of an idle shard. */
  public ShardReadSettings withMaxIdleDelay(Duration longest) {
    return new ShardReadSettings(
        maxReadsPerSecond,
        maxRecordsPerRead,
        minIdleDelay.compareTo(longest) < 0 ? minIdleDelay : longest,
        longest,
        maxEmptyReads,
        clockSlack,
        retry);
  }

  /** The same with another retry bound. */
  public ShardReadSettings withRetry(RetrySettings other) {
    return new ShardReadSettings(
        maxReadsPerSecond,
        maxRecordsPerRead,
        minIdleDelay,
        maxIdleDelay,
        maxEmptyReads,
        clockSlack,
        other);
  }
}
