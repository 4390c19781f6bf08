package io.watershed.archive;

/** How long an archiver runs. */
public enum ArchiveMode {
  /** Until it is stopped. */
  CONTINUOUS,
  /** Until every shard has been read to its tip, and that is committed. */
  ONCE
}
