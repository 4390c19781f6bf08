package io.watershed.core.error;

import java.util.Locale;

/**
 * Stable codes of the errors that people and programs see. A code is never renamed or reused; its
 * {@link #exitCode()} is the process exit status of a command that ends with it.
 */
public enum ErrorCode {
  /** Anything without a better code. */
  INTERNAL(1),
  /** A command was typed wrongly. */
  USAGE(2),
  /** The configuration cannot be read or is not valid. */
  CONFIG(2),
  /** The named stream does not exist, in this account and region. */
  STREAM_NOT_FOUND(1),
  /** No credentials, expired credentials, or ones that the service refuses. */
  CREDENTIALS(1),
  /** The credentials are good, but not allowed to do this. */
  ACCESS_DENIED(1),
  /** An endpoint cannot be reached, or stopped answering within the retry bound. */
  UNREACHABLE(1),
  /** The service refused a request for a reason that a retry does not change. */
  REFUSED(1),
  /** A shard iterator or position that the service no longer accepts. */
  POSITION_LOST(1),
  /** The reservoir cannot be read or written. */
  STORE(1),
  /** The store's conditional create is broken: commits would overwrite each other. */
  STORE_NOT_CONDITIONAL(4),
  /** A name, path or value from outside is not acceptable. */
  INVALID_INPUT(2),
  /** User SQL was refused or failed. */
  SQL(1),
  /** The named table, receipt, plan or run does not exist. */
  NOT_FOUND(1),
  /** Records were trimmed by the stream before they were archived, or a cut cannot be answered. */
  GAP(3),
  /** The archive contradicts itself or the stream. */
  INTEGRITY(4),
  /** Another tool changed the archive table. */
  FOREIGN_SNAPSHOT(4),
  /** Another archiver committed: this one must stop. */
  FENCED(5),
  /** A stated limit would be exceeded. */
  LIMIT(6),
  /** Results cannot be written to where they should go: a full disk, say. */
  OUTPUT(1),
  /** The outcome of a commit is not known; ask the table. */
  COMMIT_STATE_UNKNOWN(1),
  /** Stopped by the user. */
  CANCELLED(1);

  private final int exitCode;

  ErrorCode(int exitCode) {
    this.exitCode = exitCode;
  }

  /** The process exit status: 1 error, 2 usage, 3 gap, 4 integrity, 5 fenced, 6 limit. */
  public int exitCode() {
    return exitCode;
  }

  /** The code as it is printed: lower case with hyphens, such as {@code stream-not-found}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
