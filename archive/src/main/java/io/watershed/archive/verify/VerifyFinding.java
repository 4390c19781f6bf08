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
    /** A file that the table lists is not there. */
    FILE_MISSING(4),
    /** A file cannot be read, or is not as long or as full as the table says. */
    FILE_DAMAGED(4),
    /** A file has no sums in its footer: no archiver of ours wrote it. */
    FILE_FOREIGN(4),
    /** Positions between START and the checkpoint that no file's range covers. */
    RANGE_HOLE(4),
    /** Positions that two commits cover, or a file that the table lists twice. */
    RANGE_OVERLAP(4),
    /** A range ends behind its shard's checkpoint. */
    BEYOND_CHECKPOINT(4),
    /** The footers' rows, skipped records or digests do not add up to the checkpoint's. */
    SUMS_DIFFER(4),
    /** A file's rows are not what its footer says. */
    ROWS_DIFFER(4),
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
