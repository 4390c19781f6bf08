package io.watershed.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What orders the records of one key for a consumer (PROTOCOL 7). A live record's version is its
 * position. A copy has the version of the record that it is a copy of: its origin, mostly. A record
 * of a replay that overwrites has the version (fence, version of the original): it is newer than
 * everything up to the fence, and older than what is live after it.
 *
 * <p>Immutable. {@link #text} is for those who store it.
 *
 * @param position the record's position, its origin, or the fence
 * @param overwriting the original's version, if the replay overwrites
 */
public record Version(Position position, Optional<Version> overwriting) {
  private static final int POSITION_WORDS = 4;

  /** The version of a live record, or of a plainly replayed one by its origin. */
  public static Version of(Position positionOrOrigin) {
    return new Version(positionOrOrigin, Optional.empty());
  }

  /**
   * The version of a record that overwrites.
   *
   * @param fence the target's position, on the shard that owned the key, when the run began; its
   *     {@code sub} is that of the last record there. If that shard was split or merged since, the
   *     fence stays: children's numbers are above it
   * @param original orders the records of one such replay among themselves
   */
  public static Version overwriting(Position fence, Version original) {
    return new Version(fence, Optional.of(original));
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
    return overwriting.get().compare(other.overwriting.get());
  }

  /**
   * For a column of text: stream, shard, sequence number and sub-sequence number of the fences, if
   * any, and then of the position or origin, separated by spaces. About 120 characters; it is not
   * made to be compared as text.
   */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Optional<Version> v = Optional.of(this); v.isPresent(); v = v.get().overwriting) {
      Position at = v.get().position;
      text.append(text.isEmpty() ? "" : " ");
      text.append(escape(at.stream())).append(' ').append(escape(at.shard()));
      text.append(' ').append(at.sequence()).append(' ').append(at.sub());
    }
    return text.toString();
  }

  /**
   * Reads {@link #text}.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static Version parse(String text) {
    String[] words = text.split(" ", -1);
    if (words.length % POSITION_WORDS != 0) {
      throw new IllegalArgumentException("a version has four words a position: " + text);
    }
    List<Position> positions = new ArrayList<>();
    for (int i = 0; i < words.length; i += POSITION_WORDS) {
      positions.add(
          new Position(
              unescape(words[i]),
              unescape(words[i + 1]),
              words[i + 2],
              Long.parseLong(words[i + 3])));
    }
    Version version = of(positions.remove(positions.size() - 1));
    while (!positions.isEmpty()) {
      version = overwriting(positions.remove(positions.size() - 1), version);
    }
    return version;
  }

  private static String escape(String word) {
    return word.replace("%", "%25").replace(" ", "%20");
  }

  private static String unescape(String word) {
    return word.replace("%20", " ").replace("%25", "%");
  }
}
