package io.watershed.core.config;

import java.time.Duration;

/**
 * Bounds of one statement's read of the live side (PROTOCOL 5.5). Shards allow 5 calls and 2 MB a
 * second, shared with the user's own consumers.
 *
 * @param maxRecords records over all shards of a statement
 * @param maxBytes payload bytes over all shards of a statement
 * @param timeout the longest a statement waits for its live read
 * @param minCallInterval time between two GetRecords calls on one shard; the first call is
 *     immediate
 * @param recordsPerCall GetRecords limit, 1 to 10,000
 * @param resolveAttempts how often a cut is resolved again when records were trimmed while it was
 *     being resolved and the archive moved on meanwhile
 */
public record LiveReadSettings(
    int maxRecords,
    long maxBytes,
    Duration timeout,
    Duration minCallInterval,
    int recordsPerCall,
    int resolveAttempts) {
  /** A million records, 512 MiB, 30 s, at most two calls a second and shard. */
  public static final LiveReadSettings DEFAULTS =
      new LiveReadSettings(
          1_000_000, 512L << 20, Duration.ofSeconds(30), Duration.ofMillis(500), 10_000, 3);

  /**
   * How each shard is read: paced, whether records arrive or not.
   *
   * @param maxAttempts of one request
   * @param patience how long throttles and transient failures may last
   */
  public ShardReadSettings shardReads(int maxAttempts, Duration patience) {
    ShardReadSettings defaults = ShardReadSettings.DEFAULTS;
    return new ShardReadSettings(
        1e9 / Math.max(1, minCallInterval.toNanos()),
        recordsPerCall,
        minCallInterval,
        minCallInterval,
        defaults.maxEmptyReads(),
        defaults.clockSlack(),
        new RetrySettings(
            maxAttempts, patience, defaults.retry().baseDelay(), defaults.retry().maxDelay()));
  }
}
