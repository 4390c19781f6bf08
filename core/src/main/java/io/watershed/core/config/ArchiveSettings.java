package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.time.Duration;

/**
 * The limits of the archiver; how a shard is read is in {@link ShardReadSettings}. Change one with
 * its {@code with} method.
 *
 * @param commitInterval the longest that a record waits in memory for its commit while all is well
 * @param commitBytes a commit starts at this many buffered bytes, whatever the interval says
 * @param streamBufferBytes reading of a stream pauses at this many bytes read but not committed
 * @param processBufferBytes the same for all streams of the process together; each gets an equal
 *     part of it
 * @param pollInterval the longest pause between two reads of a shard at which nothing arrives
 * @param listInterval pause between two listings of the shards and looks at the stream's identity
 * @param maxDaysPerCommit UTC days, so files, of one commit; more wait for the next commit
 * @param fenceLimit the archiver gives up at this many encounters with another one
 * @param fenceWindow encounters older than this are forgotten
 * @param fenceBackoff how long a fenced archiver watches whether the other one still commits
 * @param retryBackoff first pause after a failure; doubles
 * @param retryBackoffMax longest pause after a failure
 * @param outageLimit a stream gives up when the service or the reservoir failed for this long
 * @param stopDeadline how long a stop may take to commit what was read
 */
public record ArchiveSettings(
    Duration commitInterval,
    long commitBytes,
    long streamBufferBytes,
    long processBufferBytes,
    Duration pollInterval,
    Duration listInterval,
    int maxDaysPerCommit,
    int fenceLimit,
    Duration fenceWindow,
    Duration fenceBackoff,
    Duration retryBackoff,
    Duration retryBackoffMax,
    Duration outageLimit,
    Duration stopDeadline) {

  /** The largest answer of GetRecords, in bytes; a read may take this much beyond the bound. */
  public static final long MAX_READ_BYTES = 10L << 20;

  /** How long a stream or reservoir that cannot be reached at the start is tried again. */
  public static final Duration START_LIMIT = Duration.ofSeconds(30);

  /** What holds without configuration: a 1 GB process keeps up with eight streams. */
  public static final ArchiveSettings DEFAULTS =
      new ArchiveSettings(
          Duration.ofSeconds(60),
          48L << 20,
          128L << 20,
          256L << 20,
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          31,
          3,
          Duration.ofHours(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofMinutes(15),
          Duration.ofSeconds(20));

  public ArchiveSettings {
    require(!commitInterval.isNegative(), "commitInterval must not be negative");
    require(commitBytes > 0, "commitBytes must be positive");
    require(streamBufferBytes > 0, "streamBufferBytes must be positive");
    require(processBufferBytes > 0, "processBufferBytes must be positive");
    require(maxDaysPerCommit >= 1, "maxDaysPerCommit must be at least 1");
    require(fenceLimit >= 1, "fenceLimit must be at least 1");
    require(!listInterval.isNegative() && !listInterval.isZero(), "listInterval must be positive");
    require(!retryBackoff.isNegative(), "retryBackoff must not be negative");
  }

  /** With another commit interval. */
  public ArchiveSettings withCommitInterval(Duration value) {
    return new ArchiveSettings(
        value,
        commitBytes,
        streamBufferBytes,
        processBufferBytes,
        pollInterval,
        listInterval,
        maxDaysPerCommit,
        fenceLimit,
        fenceWindow,
        fenceBackoff,
        retryBackoff,
        retryBackoffMax,
        outageLimit,
        stopDeadline);
  }

  /** With another commit size. */
  public ArchiveSettings withCommitBytes(long value) {
    return new ArchiveSettings(
        commitInterval,
        value,
        streamBufferBytes,
        processBufferBytes,
        pollInterval,
        listInterval,
        maxDaysPerCommit,
        fenceLimit,
        fenceWindow,
        fenceBackoff,
        retryBackoff,
        retryBackoffMax,
        outageLimit,
        stopDeadline);
  }

  /** With other buffer bounds, per stream and for the process. */
  public ArchiveSettings withBuffers(long streamBytes, long processBytes) {
    return new ArchiveSettings(
        commitInterval,
        commitBytes,
        streamBytes,
        processBytes,
        pollInterval,
        listInterval,
        maxDaysPerCommit,
        fenceLimit,
        fenceWindow,
        fenceBackoff,
        retryBackoff,
        retryBackoffMax,
        outageLimit,
        stopDeadline);
  }

  /** With another pause between two listings of the shards. */
  public ArchiveSettings withListInterval(Duration value) {
    return new ArchiveSettings(
        commitInterval,
        commitBytes,
        streamBufferBytes,
        processBufferBytes,
        pollInterval,
        value,
        maxDaysPerCommit,
        fenceLimit,
        fenceWindow,
        fenceBackoff,
        retryBackoff,
        retryBackoffMax,
        outageLimit,
        stopDeadline);
  }

  /** With another longest pause between two reads of an idle shard. */
  public ArchiveSettings withPollInterval(Duration value) {
    return new ArchiveSettings(
        commitInterval,
        commitBytes,
        streamBufferBytes,
        processBufferBytes,
        value,
        listInterval,
        maxDaysPerCommit,
        fenceLimit,
        fenceWindow,
        fenceBackoff,
        retryBackoff,
        retryBackoffMax,
        outageLimit,
        stopDeadline);
  }

  /** With another patience towards other archivers. */
  public ArchiveSettings withFence(int limit, Duration window, Duration backoff) {
    return new ArchiveSettings(
        commitInterval,
        commitBytes,
        streamBufferBytes,
        processBufferBytes,
        pollInterval,
        listInterval,
        maxDaysPerCommit,
        limit,
        window,
        backoff,
        retryBackoff,
        retryBackoffMax,
        outageLimit,
        stopDeadline);
  }

  /** With another patience towards failures: first pause, longest pause, and the end of it. */
  public ArchiveSettings withRetry(Duration first, Duration longest, Duration limit) {
    return new ArchiveSettings(
        commitInterval,
        commitBytes,
        streamBufferBytes,
        processBufferBytes,
        pollInterval,
        listInterval,
        maxDaysPerCommit,
        fenceLimit,
        fenceWindow,
        fenceBackoff,
        first,
        longest,
        limit,
        stopDeadline);
  }

  /** With another bound of UTC days, so files, in one commit. */
  public ArchiveSettings withMaxDaysPerCommit(int value) {
    return new ArchiveSettings(
        commitInterval,
        commitBytes,
        streamBufferBytes,
        processBufferBytes,
        pollInterval,
        listInterval,
        value,
        fenceLimit,
        fenceWindow,
        fenceBackoff,
        retryBackoff,
        retryBackoffMax,
        outageLimit,
        stopDeadline);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new WatershedException(
          ErrorCode.CONFIG, "Archiver setting: " + message, "Correct it in the configuration.");
    }
  }
}
