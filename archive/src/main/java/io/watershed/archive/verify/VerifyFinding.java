package io.watershed.archive.verify;

import io.watershed.core.record.ShardKey;
import java.util.Optional;

/**
 * One thing that verify found.
 *
 * @param kind what it is
 * @param shard the shard; empty if it concerns a file or the table as a whole
 * @param file object key of the file; empty if it concerns none in particular
 * @param message the finding as a sentence, without payloads
 */
public record VerifyFinding(
    Kind kind, Optional<ShardKey> shard, Optional<String> file, String message) {
  /** What a finding is about. */
  public enum Kind {
    /** Another tool changed the table: its current snapshot is not the one of the checkpoints. */
    FOREIGN_SNAPSHOT(4),
    /** The table's own metadata cannot be read. */
    METADATA_DAMAGED(4),
    /** A file that the table lists is not there, or another tool took it out of the table. */
    FILE_MISSING(4),
    /**
     * A file cannot be read, is not as long or as full as the table says, or has other bytes than
     * were written.
     */
    FILE_DAMAGED(4),
    /** A file that no archiver of ours wrote: another tool added it, or it has no sums. */
    FILE_FOREIGN(4),
    /** The table lists a file twice, or a file and its copy. */
    FILE_TWICE(4),
    /** Positions between START and the checkpoint that no file's range covers. */
    RANGE_HOLE(4),
    /** Positions that two commits cover. */
    RANGE_OVERLAP(4),
    /** A range ends behind its shard's checkpoint. */
    BEYOND_CHECKPOINT(4),
    /** The footers' rows, skipped records or digests do not add up to the checkpoint's. */
    SUMS_DIFFER(4),
    /** A file's rows are not what its footer says. */
    ROWS_DIFFER(4),
    /** A position is archived twice. */
    RECORD_TWICE(4),
    /** A column, or the footer's list of what has none, is not what the payloads say. */
    COLUMNS_DIFFER(4),
    /** A record that the stream holds is not archived, or differs. */
    RECORD_LOST(4),
    /** An archived record that the stream does not hold, though it holds those around it. */
    RECORD_FOREIGN(4),
    /** A recorded gap. */
    GAP(3);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    /** 4 where the archive contradicts itself or the stream, 3 for a gap. */
    public int exitCode() {
      return exitCode;
    }
  }
}
