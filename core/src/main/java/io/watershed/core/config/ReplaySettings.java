package io.watershed.core.config;

import java.time.Duration;

/**
 * Bounds of a replay.
 *
 * @param progressInterval how often the listener is told
 * @param ledgerInterval the longest between two entries in the ledger
 * @param ledgerRecords the most records acknowledged between two entries: with those in flight it
 *     bounds the duplicates after a crash (PROTOCOL 6.5)
 * @param lease a run without a ledger entry for this long is taken to be dead
 * @param requestTimeout the longest that a request of a dead run may still be on its way
 * @param stopDeadline how long a stop waits for what is in flight
 * @param trackedKeys partition keys whose order on the target is checked while running; at least
 *     the records in flight, as only those can overtake each other
 * @param recordsAhead records of the scan that are looked at before an earlier one is done: more
 *     than are in flight only if some of them are left out
 * @param targetKeys the most partition keys of a target whose newest versions are held in memory,
 *     about 250 bytes each, to know what is superseded
 */
public record ReplaySettings(
    Duration progressInterval,
    Duration ledgerInterval,
    int ledgerRecords,
    Duration lease,
    Duration requestTimeout,
    Duration stopDeadline,
    int trackedKeys,
    int recordsAhead,
    int targetKeys) {

  /**
   * Two reports a second; an entry every 5 s or 20,000 records; a lease of 30 s; a million keys.
   */
  public static final ReplaySettings DEFAULTS =
      new ReplaySettings(
          Duration.ofMillis(500),
          Duration.ofSeconds(5),
          20_000,
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          100_000,
          60_000,
          1_000_000);

  public ReplaySettings {
    if (ledgerRecords < 1 || trackedKeys < 1 || recordsAhead < 1 || targetKeys < 1) {
      throw new IllegalArgumentException("numbers of records and keys must be above 0");
    }
    if (lease.compareTo(ledgerInterval.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException("the lease must be at least two ledger intervals");
    }
  }

  /** The same with another lease; ledger interval and stop deadline become shorter if they must. */
  public ReplaySettings withLease(Duration newLease) {
    return new ReplaySettings(
        progressInterval,
        shorter(ledgerInterval, newLease.dividedBy(6)),
        ledgerRecords,
        newLease,
        requestTimeout,
        shorter(stopDeadline, newLease.plus(requestTimeout).dividedBy(2)),
        trackedKeys,
        recordsAhead,
        targetKeys);
  }

  /** The same with another number of the target's keys. */
  public ReplaySettings withTargetKeys(int keys) {
    return new ReplaySettings(
        progressInterval,
        ledgerInterval,
        ledgerRecords,
        lease,
        requestTimeout,
        stopDeadline,
        trackedKeys,
        recordsAhead,
        keys);
  }

  /** The same with other bounds of what is between two entries and ahead of the first not done. */
  public ReplaySettings withRecords(int betweenEntries, int ahead) {
    return new ReplaySettings(
        progressInterval,
        ledgerInterval,
        betweenEntries,
        lease,
        requestTimeout,
        stopDeadline,
        trackedKeys,
        ahead,
        targetKeys);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
