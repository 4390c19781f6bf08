package io.watershed.query.follow;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What to follow.
 *
 * @param stream the stream's name in the reservoir
 * @param start where to begin
 * @param until only records that arrived before, and the end once every shard is past it; empty for
 *     no such end
 * @param where a SQL predicate over the columns of the view, checked by the gate
 * @param follow whether to go on with what arrives later; else it ends when everything is delivered
 *     that was there at the start
 * @param limit how many records to deliver at most
 */
public record FollowRequest(
    String stream,
    FollowStart start,
    Optional<Instant> until,
    Optional<String> where,
    boolean follow,
    OptionalLong limit) {
  /** All records from there on, for ever. */
  public static FollowRequest of(String stream, FollowStart start) {
    return new FollowRequest(
        stream, start, Optional.empty(), Optional.empty(), true, OptionalLong.empty());
  }

  /** The same with an end. */
  public FollowRequest until(Instant time) {
    return new FollowRequest(stream, start, Optional.of(time), where, follow, limit);
  }

  /** The same for records for which this holds. */
  public FollowRequest where(String predicate) {
    return new FollowRequest(stream, start, until, Optional.of(predicate), follow, limit);
  }

  /** The same up to what is there now. */
  public FollowRequest withoutFollowing() {
    return new FollowRequest(stream, start, until, where, false, limit);
  }

  /** The same for so many records. */
  public FollowRequest limit(long records) {
    return new FollowRequest(stream, start, until, where, follow, OptionalLong.of(records));
  }
}
