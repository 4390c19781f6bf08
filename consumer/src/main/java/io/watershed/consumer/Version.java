package io.watershed.consumer;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What orders the records of one key for a consumer (PROTOCOL 7). A live record's version is its
 * position; a replayed one's is its origin, so a copy has the version of the record that it is a
 * copy of. A record of a replay that overwrites has the version (fence, origin): it is newer than
 * everything up to the fence, and older than what is live after it.
 *
 * @param position the record's position, its origin, or the fence
 * @param overwriting the origin, if the replay overwrites
 */
public record Version(Position position, Optional<Position> overwriting) {
  /** The version of a live record, or of a plainly replayed one by its origin. */
  public static Version of(Position positionOrOrigin) {
    return new Version(positionOrOrigin, Optional.empty());
  }

  /**
   * The version of a record that overwrites.
   *
   * @param fence the target's position, on the shard that owned the key, when the run began. If
   *     that shard was split or merged since, the fence stays: children's numbers are above it
   * @param origin orders the records of one such replay among themselves
   */
  public static Version overwriting(Position fence, Position origin) {
    return new Version(fence, Optional.of(origin));
  }

  /**
   * Negative, zero or positive as this version is older than, the same as or newer than the other;
   * empty if they have no order, because they are of different streams or lives of one. Both must
   * be versions of the same key.
   */
  public OptionalInt compare(Version other) {
    if (!position.isComparableTo(other.position)) {
      return OptionalInt.empty();
    }
    int byPosition = position.compareAlongLineage(other.position);
    return byPosition != 0 ? OptionalInt.of(byPosition) : compareOverwriting(other);
  }

  private OptionalInt compareOverwriting(Version other) {
    if (overwriting.isEmpty() || other.overwriting.isEmpty()) {
      return OptionalInt.of(
          Boolean.compare(overwriting.isPresent(), other.overwriting.isPresent()));
    }
    Position ours = overwriting.get();
    Position theirs = other.overwriting.get();
    return ours.isComparableTo(theirs)
        ? OptionalInt.of(ours.compareAlongLineage(theirs))
        : OptionalInt.empty();
  }
}
