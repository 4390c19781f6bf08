package io.watershed.query.worker;

import java.time.Duration;

/**
 * Bounds of the processes that run user SQL.
 *
 * @param heapBytes Java heap of one process; holds the row that is being sent
 * @param overheadBytes resident memory that a process may use beyond its heap and the statement's
 *     memory limit: the JVM, the engine's code, results on their way
 * @param maxRowBytes a larger row ends its statement
 * @param maxProcesses statements that run at the same time; others wait within their time
 * @param spare whether a started process waits for the next statement while one runs
 * @param startTimeout how long a process may take to start
 * @param endTimeout how long a statement that was cancelled, or whose time is over, may take to end
 *     before its process is killed
 * @param checkInterval time between two looks at a process's memory
 * @param maxStatements a process is replaced after so many
 * @param idleTimeout a process that ran no statement for so long ends, unless it is the last one
 */
public record WorkerSettings(
    long heapBytes,
    long overheadBytes,
    int maxRowBytes,
    int maxProcesses,
    boolean spare,
    Duration startTimeout,
    Duration endTimeout,
    Duration checkInterval,
    int maxStatements,
    Duration idleTimeout) {

  /** For a server: 256 MiB of heap, 512 MiB of overhead, 4 processes and a spare one. */
  public static final WorkerSettings DEFAULTS =
      new WorkerSettings(
          256L << 20,
          512L << 20,
          32 << 20,
          4,
          true,
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          Duration.ofMillis(100),
          200,
          Duration.ofSeconds(30));

  /** The same bounds with or without a spare process: a single statement needs none. */
  public WorkerSettings withSpare(boolean other) {
    return new WorkerSettings(
        heapBytes,
        overheadBytes,
        maxRowBytes,
        maxProcesses,
        other,
        startTimeout,
        endTimeout,
        checkInterval,
        maxStatements,
        idleTimeout);
  }

  /** The same bounds for so many statements at a time. */
  public WorkerSettings withMaxProcesses(int other) {
    return new WorkerSettings(
        heapBytes,
        overheadBytes,
        maxRowBytes,
        other,
        spare,
        startTimeout,
        endTimeout,
        checkInterval,
        maxStatements,
        idleTimeout);
  }

  /** The same bounds with another time to wait for the next statement. */
  public WorkerSettings withIdleTimeout(Duration other) {
    return new WorkerSettings(
        heapBytes,
        overheadBytes,
        maxRowBytes,
        maxProcesses,
        spare,
        startTimeout,
        endTimeout,
        checkInterval,
        maxStatements,
        other);
  }

  /** The same bounds with another heap. */
  public WorkerSettings withHeapBytes(long other) {
    return new WorkerSettings(
        other,
        overheadBytes,
        maxRowBytes,
        maxProcesses,
        spare,
        startTimeout,
        endTimeout,
        checkInterval,
        maxStatements,
        idleTimeout);
  }

  /** The same bounds with another overhead. */
  public WorkerSettings withOverheadBytes(long other) {
    return new WorkerSettings(
        heapBytes,
        other,
        maxRowBytes,
        maxProcesses,
        spare,
        startTimeout,
        endTimeout,
        checkInterval,
        maxStatements,
        idleTimeout);
  }

  /** The same bounds with another row size. */
  public WorkerSettings withMaxRowBytes(int other) {
    return new WorkerSettings(
        heapBytes,
        overheadBytes,
        other,
        maxProcesses,
        spare,
        startTimeout,
        endTimeout,
        checkInterval,
        maxStatements,
        idleTimeout);
  }
}
