package io.watershed.replay;

import io.watershed.query.AsOf;
import java.time.Instant;
import java.util.Optional;

/**
 * What a person asks to be replayed.
 *
 * @param stream the source's name in the reservoir
 * @param from only records that arrived at this time or later; selects, never orders
 * @param until only records that arrived before this time
 * @param where a SQL predicate over the columns of the view
 * @param asOf the past that is replayed, such as a receipt; empty for what is archived now
 * @param target the name of the stream to write to
 * @param pace how fast
 * @param envelope whether records are marked
 * @param allowSource allow a target that is the source itself: every consumer of the stream then
 *     receives the old records among the new ones
 * @param skipOversize leave out records that, in their envelope, exceed the target's size limit,
 *     and count them; otherwise they fail the plan
 */
public record ReplayRequest(
    String stream,
    Optional<Instant> from,
    Optional<Instant> until,
    Optional<String> where,
    Optional<AsOf> asOf,
    String target,
    ReplayPace pace,
    EnvelopeMode envelope,
    boolean allowSource,
    boolean skipOversize) {

  /** Everything that is archived of a stream, with envelope, at the default pace. */
  public static ReplayRequest of(String stream, String target) {
    return new ReplayRequest(
        stream,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        target,
        ReplayPace.DEFAULT,
        EnvelopeMode.MEMBER,
        false,
        false);
  }

  /** The same within these arrival times: from inclusive, until exclusive. */
  public ReplayRequest between(Optional<Instant> newFrom, Optional<Instant> newUntil) {
    return new ReplayRequest(
        stream, newFrom, newUntil, where, asOf, target, pace, envelope, allowSource, skipOversize);
  }

  /** The same with a predicate. */
  public ReplayRequest where(String predicate) {
    return new ReplayRequest(
        stream,
        from,
        until,
        Optional.of(predicate),
        asOf,
        target,
        pace,
        envelope,
        allowSource,
        skipOversize);
  }

  /** The same at a receipt. */
  public ReplayRequest at(String receipt) {
    return at(AsOf.receipt(receipt));
  }

  /** The same over this past. */
  public ReplayRequest at(AsOf past) {
    return new ReplayRequest(
        stream,
        from,
        until,
        where,
        Optional.of(past),
        target,
        pace,
        envelope,
        allowSource,
        skipOversize);
  }

  /** The same at another pace. */
  public ReplayRequest paced(ReplayPace newPace) {
    return new ReplayRequest(
        stream, from, until, where, asOf, target, newPace, envelope, allowSource, skipOversize);
  }

  /** The same, marked or not. */
  public ReplayRequest enveloped(EnvelopeMode mode) {
    return new ReplayRequest(
        stream, from, until, where, asOf, target, pace, mode, allowSource, skipOversize);
  }

  /** The same, with the source allowed as target. */
  public ReplayRequest allowingSource() {
    return new ReplayRequest(
        stream, from, until, where, asOf, target, pace, envelope, true, skipOversize);
  }

  /** The same, leaving out records that are too large for the target. */
  public ReplayRequest skippingOversize() {
    return new ReplayRequest(
        stream, from, until, where, asOf, target, pace, envelope, allowSource, true);
  }
}
