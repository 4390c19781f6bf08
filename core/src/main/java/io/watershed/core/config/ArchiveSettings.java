package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.time.Duration;

/**
 * The limits of the archiver; how a shard is read is in {@link ShardReadSettings}. Change a group
 * with its {@code with} method.
 *
 * @param commits when a commit is made, and how large it is
 * @param buffers what may wait in memory
 * @param pace how often it looks at a stream at which nothing happens
 * @param fences patience towards another archiver of the same table
 * @param outages patience towards failures
 * @param trimAlarm an alarm is raised when at the current rate a shard would lose data within this,
 *     or within half of its retention
 * @param stopDeadline how long a stop may take to commit what was read
 */
public record ArchiveSettings(
    Commits commits,
    Buffers buffers,
    Pace pace,
    Fences fences,
    Outages outages,
    Duration trimAlarm,
    Duration stopDeadline) {

  /** The largest answer of GetRecords, in bytes; a read may take this much beyond the bound. */
  public static final long MAX_READ_BYTES = 10L << 20;

  /** Native memory for writing files, beside the heap. */
  public static final long ENCODE_BYTES = 256L << 20;

  /** How long a stream or reservoir that cannot be reached at the start is tried again. */
  public static final Duration START_LIMIT = Duration.ofSeconds(30);

  /** What holds without configuration: a 1 GB process keeps up with eight streams. */
  public static final ArchiveSettings DEFAULTS =
      new ArchiveSettings(
          new Commits(Duration.ofMinutes(5), 48L << 20, 31),
          new Buffers(128L << 20, 256L << 20),
          new Pace(Duration.ofSeconds(1), Duration.ofSeconds(10)),
          new Fences(3, Duration.ofHours(1), Duration.ofSeconds(10)),
          new Outages(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(15)),
          Duration.ofHours(6),
          Duration.ofSeconds(20));

  /**
   * When a commit is made, and how large it is.
   *
   * @param interval the longest that a record waits in memory for its commit while all is well; it
   *     waits the less, the more is buffered
   * @param bytes buffered bytes at which nothing waits any more
   * @param maxDays UTC days, so files, of one commit; more wait for the next commit
   */
  public record Commits(Duration interval, long bytes, int maxDays) {
    public Commits {
      require(!interval.isNegative(), "the commit interval must not be negative");
      require(bytes > 0, "the commit size must be positive");
      require(maxDays >= 1, "a commit must hold at least 1 day");
    }
  }

  /**
   * What may wait in memory.
   *
   * @param streamBytes the most that a stream has: answers that are under way, with their copies,
   *     and records that are read but not committed
   * @param processBytes the same for all streams of the process together; half of it is guaranteed
   *     to them in equal parts
   */
  public record Buffers(long streamBytes, long processBytes) {
    public Buffers {
      require(streamBytes > 0, "a stream's buffer must be positive");
      require(processBytes > 0, "the process's buffer must be positive");
    }
  }

  /**
   * How often it looks at a stream at which nothing happens.
   *
   * @param pollInterval the longest pause between two reads of a shard at which nothing arrives
   * @param listInterval pause between two listings of the shards and looks at the stream's identity
   */
  public record Pace(Duration pollInterval, Duration listInterval) {
    public Pace {
      require(
          !listInterval.isNegative() && !listInterval.isZero(),
          "the listing interval must be positive");
    }
  }

  /**
   * Patience towards another archiver of the same table (PROTOCOL 3.8).
   *
   * @param limit the archiver gives up at this many encounters
   * @param window encounters older than this are forgotten
   * @param backoff how long a fenced archiver watches whether the other one still commits; doubles
   */
  public record Fences(int limit, Duration window, Duration backoff) {
    public Fences {
      require(limit >= 1, "the limit of fences must be at least 1");
    }
  }

  /**
   * Patience towards failures of the service or the reservoir.
   *
   * @param firstPause after a failure; doubles
   * @param longestPause bound of the pauses
   * @param limit a stream gives up when they lasted for this long
   */
  public record Outages(Duration firstPause, Duration longestPause, Duration limit) {
    public Outages {
      require(!firstPause.isNegative(), "the pause after a failure must not be negative");
    }
  }

  /** With other limits of commits. */
  public ArchiveSettings withCommits(Commits value) {
    return new ArchiveSettings(value, buffers, pace, fences, outages, trimAlarm, stopDeadline);
  }

  /** With another commit interval. */
  public ArchiveSettings withCommitInterval(Duration value) {
    return withCommits(new Commits(value, commits.bytes, commits.maxDays));
  }

  /** With another commit size. */
  public ArchiveSettings withCommitBytes(long value) {
    return withCommits(new Commits(commits.interval, value, commits.maxDays));
  }

  /** With another bound of UTC days, so files, in one commit. */
  public ArchiveSettings withMaxDaysPerCommit(int value) {
    return withCommits(new Commits(commits.interval, commits.bytes, value));
  }

  /** With other buffer bounds, per stream and for the process. */
  public ArchiveSettings withBuffers(long streamBytes, long processBytes) {
    Buffers value = new Buffers(streamBytes, processBytes);
    return new ArchiveSettings(commits, value, pace, fences, outages, trimAlarm, stopDeadline);
  }

  /** With another pace of looks at a quiet stream. */
  public ArchiveSettings withPace(Pace value) {
    return new ArchiveSettings(commits, buffers, value, fences, outages, trimAlarm, stopDeadline);
  }

  /** With another pause between two listings of the shards. */
  public ArchiveSettings withListInterval(Duration value) {
    return withPace(new Pace(pace.pollInterval, value));
  }

  /** With another longest pause between two reads of an idle shard. */
  public ArchiveSettings withPollInterval(Duration value) {
    return withPace(new Pace(value, pace.listInterval));
  }

  /** With another patience towards other archivers. */
  public ArchiveSettings withFence(int limit, Duration window, Duration backoff) {
    Fences value = new Fences(limit, window, backoff);
    return new ArchiveSettings(commits, buffers, pace, value, outages, trimAlarm, stopDeadline);
  }

  /** With another patience towards failures: first pause, longest pause, and the end of it. */
  public ArchiveSettings withRetry(Duration first, Duration longest, Duration limit) {
    Outages value = new Outages(first, longest, limit);
    return new ArchiveSettings(commits, buffers, pace, fences, value, trimAlarm, stopDeadline);
  }

  /** With another patience towards failures; the pauses stay. */
  public ArchiveSettings withOutageLimit(Duration limit) {
    return withRetry(outages.firstPause, outages.longestPause, limit);
  }

  /** With another time before a loss at which an alarm is raised. */
  public ArchiveSettings withTrimAlarm(Duration value) {
    return new ArchiveSettings(commits, buffers, pace, fences, outages, value, stopDeadline);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new WatershedException(
          ErrorCode.CONFIG, "Archiver setting: " + message, "Correct it in the configuration.");
    }
  }
}
