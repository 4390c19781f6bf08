package io.watershed.replay;

import io.watershed.query.AsOf;
import io.watershed.query.RecordSelection;
import java.time.Instant;
import java.util.Optional;

/**
 * What a person asks to be replayed.
 *
 * @param stream the source's name in the reservoir
 * @param selection which of its records; selects, never orders
 * @param asOf the past that is replayed, such as a receipt; empty for what is archived now
 * @param target the name of the stream to write to
 * @param delivery how they are put there
 * @param allowSource allow a target that is the source itself: every consumer of the stream then
 *     receives the old records among the new ones
 * @param maxRecords more selected records are an error
 */
public record ReplayRequest(
    String stream,
    RecordSelection selection,
    Optional<AsOf> asOf,
    String target,
    Delivery delivery,
    boolean allowSource,
    long maxRecords) {

  /** Everything that is archived of a stream, with envelope, at the default pace. */
  public static ReplayRequest of(String stream, String target) {
    return new ReplayRequest(
        stream,
        RecordSelection.ALL,
        Optional.empty(),
        target,
        Delivery.DEFAULT,
        false,
        Long.MAX_VALUE);
  }

  /** The same for other records. */
  public ReplayRequest select(RecordSelection other) {
    return new ReplayRequest(stream, other, asOf, target, delivery, allowSource, maxRecords);
  }

  /** The same within these arrival times: from inclusive, until exclusive. */
  public ReplayRequest between(Optional<Instant> from, Optional<Instant> until) {
    return select(selection.between(from, until));
  }

  /** The same with a predicate. */
  public ReplayRequest where(String predicate) {
    return select(selection.where(predicate));
  }

  /** The same at a receipt. */
  public ReplayRequest at(String receipt) {
    return at(AsOf.receipt(receipt));
  }

  /** The same over this past. */
  public ReplayRequest at(AsOf past) {
    return new ReplayRequest(
        stream, selection, Optional.of(past), target, delivery, allowSource, maxRecords);
  }

  /** The same, put there in another way. */
  public ReplayRequest delivered(Delivery other) {
    return new ReplayRequest(stream, selection, asOf, target, other, allowSource, maxRecords);
  }

  /** The same at another pace. */
  public ReplayRequest paced(ReplayPace pace) {
    return delivered(delivery.paced(pace));
  }

  /** The same, marked in another way. */
  public ReplayRequest enveloped(EnvelopeMode mode) {
    return delivered(delivery.enveloped(mode));
  }

  /** The same, with the source allowed as target. */
  public ReplayRequest allowingSource() {
    return new ReplayRequest(stream, selection, asOf, target, delivery, true, maxRecords);
  }

  /** The same, leaving out records that are too large for the target. */
  public ReplayRequest skippingOversize() {
    return delivered(delivery.skippingOversize(true));
  }

  /** The same, but more selected records are an error. */
  public ReplayRequest atMost(long records) {
    return new ReplayRequest(stream, selection, asOf, target, delivery, allowSource, records);
  }
}
