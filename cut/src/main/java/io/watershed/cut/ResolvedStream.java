package io.watershed.cut;

import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.table.TableState;
import java.util.List;
import java.util.Optional;

/**
 * One stream's part of a statement: everything that its scans read, frozen.
 *
 * @param pinned the cut and the logical columns
 * @param state the archive at one metadata object; empty if there is none
 * @param files data files that hold rows of the cut which the statement can need
 * @param outside rows of filtered files that do not belong to the cut
 * @param live records of the cut that are not archived; shared, so never modified
 * @param physical the payload columns that the view is made of, under their names in the table
 * @param format how payloads are decoded
 * @param estimate what the live read was expected to come to; a receipt's is not estimated
 * @param notices sentences for the person
 */
public record ResolvedStream(
    PinnedStream pinned,
    Optional<TableState> state,
    List<CutFile> files,
    List<OutsideRows> outside,
    List<StreamRecord> live,
    PayloadSchema physical,
    PayloadFormat format,
    LiveEstimate estimate,
    List<String> notices) {
  public ResolvedStream {
    files = List.copyOf(files);
    outside = List.copyOf(outside);
    notices = List.copyOf(notices);
  }

  ResolvedStream withFiles(List<CutFile> others) {
    return new ResolvedStream(
        pinned, state, others, outside, live, physical, format, estimate, notices);
  }

  /** The stream's name in the reservoir. */
  public String stream() {
    return pinned.stream();
  }
}
