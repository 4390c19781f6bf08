package io.watershed.replay;

import io.watershed.core.error.WatershedException;
import java.util.Optional;

/**
 * What a run did. Counts of records and violations include earlier parts of the same plan's run.
 *
 * @param planId the plan's short id, to go on with
 * @param ending how it ended
 * @param planned records that the plan sends
 * @param acknowledged different records that the target has acknowledged
 * @param skippedOversize records left out because they are too large
 * @param superseded records left out because the target holds newer ones
 * @param bytes bytes acknowledged by this process, envelopes included
 * @param possibleDuplicates records that may be on the target twice: sent again after a request
 *     without an answer, or in flight when an earlier part of the run ended
 * @param orderViolations records whose place on the target is before that of an earlier record of
 *     their key (PROTOCOL 6.2); 0 unless something is badly wrong
 * @param throttles records that the target refused as over its limit, by this process
 * @param retries records that had to be sent again for whatever reason, by this process
 * @param hotKeyShare the largest {@link ReplayProgress#hotKeyShare} of this process while the
 *     buffer was full: what one key held up
 * @param error why it failed, if it did
 */
public record ReplayOutcome(
    String planId,
    Ending ending,
    long planned,
    long acknowledged,
    long skippedOversize,
    long superseded,
    long bytes,
    long possibleDuplicates,
    long orderViolations,
    long throttles,
    long retries,
    double hotKeyShare,
    Optional<WatershedException> error) {

  /** How a run ended. */
  public enum Ending {
    /** Every planned record is acknowledged, or superseded. */
    FINISHED,
    /** An earlier run of this plan finished; nothing was sent now. */
    ALREADY_FINISHED,
    /** Stopped on request; running the plan again goes on. */
    STOPPED,
    /** Ended by an error; running the plan again goes on. */
    FAILED,
    /** Paused on somebody's request; only resuming it goes on. */
    PAUSED,
    /** Ended for good on somebody's request. */
    CANCELLED
  }
}
