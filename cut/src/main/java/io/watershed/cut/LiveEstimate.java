package io.watershed.cut;

import java.time.Duration;

/**
 * What a live read comes to, as told by each shard's first records, by how far these are behind the
 * tip, and by how fast the archive grew of late. A guess: the read itself stays bounded.
 *
 * @param records records that are not archived
 * @param bytes their payloads
 * @param time how long it takes to read them, shards side by side
 */
public record LiveEstimate(long records, long bytes, Duration time) {
  /** Nothing to read. */
  public static final LiveEstimate NOTHING = new LiveEstimate(0, 0, Duration.ZERO);

  /** Both, read at the same time. */
  LiveEstimate beside(LiveEstimate other) {
    return new LiveEstimate(
        records + other.records,
        bytes + other.bytes,
        time.compareTo(other.time) >= 0 ? time : other.time);
  }

  /** Both, one after the other. */
  LiveEstimate then(LiveEstimate other) {
    return new LiveEstimate(records + other.records, bytes + other.bytes, time.plus(other.time));
  }
}
