package io.watershed.query.follow;

import io.watershed.core.record.ShardKey;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A place in a whole stream: per shard, what is delivered. Opaque but for its text, by which
 * another run goes on: it delivers what this one did not, and nothing twice. Immutable.
 */
public final class FollowPlace {
  private final String stream;
  private final String incarnation;
  private final boolean inArchive;
  private final Optional<Instant> since;
  private final Set<String> only;
  private final SortedMap<ShardKey, ShardPlace> shards;

  FollowPlace(
      String stream,
      String incarnation,
      boolean inArchive,
      Optional<Instant> since,
      Set<String> only,
      Map<ShardKey, ShardPlace> shards) {
    this.stream = stream;
    this.incarnation = incarnation;
    this.inArchive = inArchive;
    this.since = since;
    this.only = Set.copyOf(only);
    this.shards = Collections.unmodifiableSortedMap(new TreeMap<>(shards));
  }

  /**
   * Reads {@link #text()}.
   *
   * @throws io.watershed.core.error.WatershedException {@code invalid-input}
   */
  public static FollowPlace parse(String text) {
    return FollowPlaceText.parse(text);
  }

  /** Whether the text is meant to be a place, rather than a time. */
  public static boolean isPlace(String text) {
    return text.startsWith(FollowPlaceText.PREFIX);
  }

  /** One word of letters, digits, {@code -} and {@code _}; some 60 characters for each shard. */
  public String text() {
    return FollowPlaceText.write(this);
  }

  /** The stream's name in the reservoir. */
  public String stream() {
    return stream;
  }

  /** Id of the stream's incarnation; empty if it was not asked yet. */
  String incarnation() {
    return incarnation;
  }

  /** Whether the archived part was still being delivered. */
  boolean inArchive() {
    return inArchive;
  }

  /** Only records that arrived then or later are wanted. */
  Optional<Instant> since() {
    return since;
  }

  /** Ids of the shards that are wanted; empty for all. */
  Set<String> only() {
    return only;
  }

  /** Per shard; those that are not here are ancestors of these and done, or new. */
  SortedMap<ShardKey, ShardPlace> shards() {
    return shards;
  }
}
