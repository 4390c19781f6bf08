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
 */
public record ReplaySettings(
    Duration progressInterval,
    Duration ledgerInterval,
    int ledgerRecords,
    Duration lease,
    Duration requestTimeout,
    Duration stopDeadline,
    int trackedKeys) {

  /** Two reports a second; an entry every 5 s or 20,000 records; a lease of 30 s. */
  public static final ReplaySettings DEFAULTS =
      new ReplaySettings(
          Duration.ofMillis(500),
          Duration.ofSeconds(5),
          20_000,
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          100_000);

  public ReplaySettings {
    if (ledgerRecords < 1 || trackedKeys < 1) {
      throw new IllegalArgumentException("ledgerRecords and trackedKeys must be above 0");
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
        trackedKeys);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
