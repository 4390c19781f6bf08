package io.watershed.replay;

/**
 * What the target holds of a plan, seen by reading it.
 *
 * @param planned records that the plan sends
 * @param present planned records that the target has at least once, unchanged and under their key
 * @param superseded planned records that it does not have, and that the run left out and listed
 *     because it held newer ones
 * @param missing other planned records that it does not have
 * @param duplicates further copies of planned records
 * @param damaged copies whose payload or partition key is not the archived one
 * @param unexpected copies under this plan's id of records that are not in the plan
 * @param orderViolations planned records whose first appearance is before that of an earlier record
 *     of their key (PROTOCOL 6.2)
 */
public record AuditReport(
    long planned,
    long present,
    long superseded,
    long missing,
    long duplicates,
    long damaged,
    long unexpected,
    long orderViolations) {

  /**
   * Whether the target has every planned record that was not superseded, as it was archived, and in
   * order.
   */
  public boolean isOk() {
    return missing == 0 && damaged == 0 && unexpected == 0 && orderViolations == 0;
  }
}
