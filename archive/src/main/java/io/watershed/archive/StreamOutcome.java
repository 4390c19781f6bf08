package io.watershed.archive;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.List;
import java.util.Optional;

/**
 * What one run did to one stream. Only what was committed counts.
 *
 * @param stream the stream's name in the reservoir
 * @param records records archived
 * @param skipped replayed records that were counted instead (PROTOCOL 6.7)
 * @param payloadBytes payload bytes archived
 * @param commits commits made, those without records included
 * @param gaps gaps recorded by this run
 * @param fences encounters with another archiver
 * @param failure why the stream ended before it was asked to; empty if all is well
 */
public record StreamOutcome(
    String stream,
    long records,
    long skipped,
    long payloadBytes,
    long commits,
    List<Gap> gaps,
    int fences,
    Optional<WatershedException> failure) {
  public StreamOutcome {
    gaps = List.copyOf(gaps);
  }

  /** 0, or that of the failure, or 3 when the only trouble is a gap. */
  public int exitCode() {
    if (failure.isPresent()) {
      return failure.get().code().exitCode();
    }
    return gaps.isEmpty() ? 0 : ErrorCode.GAP.exitCode();
  }
}
