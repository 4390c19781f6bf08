package io.watershed.core.config;

import java.time.Duration;

/**
 * Bounds of storage and of archive tables.
 *
 * @param storeAttempts tries of one request to the store, the first included
 * @param storeDeadline a request is not tried again after this long
 * @param commitAttempts tries of one commit that loses the race for a metadata version to somebody
 *     who did not fence it
 * @param firstPause before the second try; doubles from try to try, with jitter
 * @param longestPause between two tries
 * @param maxMetadataBytes of one metadata object, manifest or manifest list, read whole
 * @param snapshotsKept snapshots that a table's metadata holds after a commit expired older ones
 * @param snapshotsSlack so many more may gather before a commit expires them
 * @param endedShardsInProperties finished shards whose checkpoints stay in the table's properties;
 *     older ones move to the lineage object
 * @param gapsInProperties gaps that stay in the table's properties; older ones move as well
 * @param metadataVersionAge a metadata version is deleted when the next one is this old
 */
public record ReservoirSettings(
    int storeAttempts,
    Duration storeDeadline,
    int commitAttempts,
    Duration firstPause,
    Duration longestPause,
    long maxMetadataBytes,
    int snapshotsKept,
    int snapshotsSlack,
    int endedShardsInProperties,
    int gapsInProperties,
    Duration metadataVersionAge) {

  /**
   * 8 tries within 2 minutes, 10 of a commit, pauses of 50 ms to 5 s, metadata of 256 MiB, 100
   * snapshots and 20 more, 256 finished shards, 100 gaps, versions of 24 hours.
   */
  public static final ReservoirSettings DEFAULTS =
      new ReservoirSettings(
          8,
          Duration.ofMinutes(2),
          10,
          Duration.ofMillis(50),
          Duration.ofSeconds(5),
          256L << 20,
          100,
          20,
          256,
          100,
          Duration.ofHours(24));
}
