package io.watershed.query.follow;

import java.time.Instant;

/** Where following begins. */
public sealed interface FollowStart {
  /** Only what arrives from now on. */
  record Now() implements FollowStart {}

  /** Everything that archive and stream hold. */
  record Earliest() implements FollowStart {}

  /**
   * What arrived at this time or later; arrival times are approximate, and only select (PROTOCOL
   * 1.3).
   */
  record Since(Instant time) implements FollowStart {}

  /** After what an earlier run has delivered. */
  record At(FollowPlace place) implements FollowStart {}
}
