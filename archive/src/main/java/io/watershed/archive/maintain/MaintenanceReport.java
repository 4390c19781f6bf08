package io.watershed.archive.maintain;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What maintenance did to one stream's archive, or (dry run) would do.
 *
 * @param stream the stream's name in the reservoir
 * @param dryRun nothing was changed
 * @param droppedBefore days before this one were dropped by this run; empty if none
 * @param droppedFiles files that went with them
 * @param droppedRows records that went with them
 * @param compactions new files made of several
 * @param compactedFiles files that they replaced
 * @param compactedBytesBefore their size
 * @param compactedBytesAfter size of the new files; 0 in a dry run
 * @param versions old metadata versions deleted
 * @param leftOvers objects deleted that no version names any more, temporary files included
 * @param leftOverBytes their size
 * @param afterFence left-overs that had to wait for a fence, and go with a later run
 * @param finished false if there was more to do than the run was allowed
 * @param notes what else is to be said, as sentences
 */
public record MaintenanceReport(
    String stream,
    boolean dryRun,
    Optional<LocalDate> droppedBefore,
    long droppedFiles,
    long droppedRows,
    long compactions,
    long compactedFiles,
    long compactedBytesBefore,
    long compactedBytesAfter,
    long versions,
    long leftOvers,
    long leftOverBytes,
    long afterFence,
    boolean finished,
    List<String> notes) {
  public MaintenanceReport {
    notes = List.copyOf(notes);
  }

  /** Whether there was nothing to do. */
  public boolean isEmpty() {
    return droppedFiles + compactions + versions + leftOvers + afterFence == 0;
  }
}
