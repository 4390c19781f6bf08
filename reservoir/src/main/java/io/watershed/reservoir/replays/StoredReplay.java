package io.watershed.reservoir.replays;

import java.time.Instant;
import java.util.Optional;

/**
 * One replay plan and how far its runs came, as the ledger's objects say.
 *
 * @param hash the plan's identity, 64 hexadecimal digits
 * @param plannedAt when the plan was stored, by the store's clock
 * @param stream the source's name in the reservoir
 * @param receipt id of the receipt whose cut is read
 * @param from only records that arrived at this time or later
 * @param until only records that arrived before this time
 * @param where the SQL predicate
 * @param target the target stream's name or ARN
 * @param records records that the plan selects, those too large included
 * @param oversize of them, those too large for the target
 * @param payloadBytes sum of their payloads
 * @param progress of the newest run; empty if none wrote any
 */
public record StoredReplay(
    String hash,
    Instant plannedAt,
    String stream,
    String receipt,
    Optional<Instant> from,
    Optional<Instant> until,
    Optional<String> where,
    String target,
    long records,
    long oversize,
    long payloadBytes,
    Optional<Progress> progress) {

  /**
   * The newest entry of the ledger for a plan.
   *
   * @param state RUNNING, STOPPED, FAILED or FINISHED; a process that died leaves RUNNING behind
   * @param updatedAt when it was written, by the store's clock
   * @param epoch counts the processes that had the run
   * @param acknowledged records that the target acknowledged
   * @param skipped records left out because they are too large
   * @param possibleDuplicates records sent again after a request without an answer
   * @param orderViolations first appearances out of the archive's order
   */
  public record Progress(
      String state,
      Instant updatedAt,
      long epoch,
      long acknowledged,
      long skipped,
      long possibleDuplicates,
      long orderViolations) {}
}
