package io.watershed.core.config;

import java.time.Duration;

/**
 * Bounds of one SQL statement.
 *
 * @param timeout a statement that runs longer is cancelled; the time that the reader of its rows
 *     takes does not count
 * @param memoryBytes DuckDB's memory limit; sorts and joins beyond it spill to disk
 * @param spillBytes disk space that one statement may spill to
 * @param threads DuckDB's worker threads
 * @param maxRows a result with more rows ends in an error; counted, not buffered
 * @param maxStatementChars longest accepted statement, in characters
 * @param maxReshreddedBytes payload bytes of old files that one statement may decode again because
 *     they have no column for a path that has one now (PROTOCOL 4.3)
 * @param maxReshreddedRecords records that one statement may decode again, likewise
 * @param cacheBytes size bound of the local folder that holds data files from S3
 * @param parallelDownloads data files that are fetched at the same time
 */
public record SqlSettings(
    Duration timeout,
    long memoryBytes,
    long spillBytes,
    int threads,
    long maxRows,
    int maxStatementChars,
    long maxReshreddedBytes,
    int maxReshreddedRecords,
    long cacheBytes,
    int parallelDownloads) {

  /** One minute, 1 GiB of memory, 4 GiB of spill, one thread per core, 10 GiB of cached files. */
  public static final SqlSettings DEFAULTS =
      new SqlSettings(
          Duration.ofSeconds(60),
          1L << 30,
          4L << 30,
          Math.max(1, Runtime.getRuntime().availableProcessors()),
          100_000_000L,
          200_000,
          256L << 20,
          1_000_000,
          10L << 30,
          8);

  /** The same bounds with another time limit. */
  public SqlSettings withTimeout(Duration other) {
    return new SqlSettings(
        other,
        memoryBytes,
        spillBytes,
        threads,
        maxRows,
        maxStatementChars,
        maxReshreddedBytes,
        maxReshreddedRecords,
        cacheBytes,
        parallelDownloads);
  }

  /** The same bounds with another row limit. */
  public SqlSettings withMaxRows(long other) {
    return new SqlSettings(
        timeout,
        memoryBytes,
        spillBytes,
        threads,
        other,
        maxStatementChars,
        maxReshreddedBytes,
        maxReshreddedRecords,
        cacheBytes,
        parallelDownloads);
  }
}
