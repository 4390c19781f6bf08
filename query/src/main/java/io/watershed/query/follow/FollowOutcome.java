package io.watershed.query.follow;

import io.watershed.core.error.WatershedException;
import java.util.Optional;

/**
 * How following ended.
 *
 * @param records records delivered
 * @param gaps gaps reported
 * @param ending why it ended
 * @param place after what was delivered; empty if it never got that far
 * @param error with {@link Ending#FAILED} the reason
 */
public record FollowOutcome(
    long records,
    int gaps,
    Ending ending,
    Optional<FollowPlace> place,
    Optional<WatershedException> error) {
  /** Why following ended. */
  public enum Ending {
    /** Everything that was asked for is delivered. */
    DONE,
    /** As many records as were asked for are delivered. */
    LIMIT,
    /** The caller asked for it. */
    STOPPED,
    /** The sink takes no more. */
    CLOSED,
    /** An error that does not pass. */
    FAILED
  }
}
