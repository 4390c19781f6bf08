package io.watershed.core.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How an archive is kept fit.
 *
 * @param automatic whether the archiver does it by itself
 * @param share the most of the archiver's time that goes into it, between 0 and 1
 * @param interval pause between two looks at whether there is something to do
 * @param sweepInterval pause between two searches for left-overs, each of which lists the table
 * @param closedAfter a UTC day's files are compacted when it ended this long ago
 * @param fileBytes payload bytes of a compacted file; they are in memory while it is written, in
 *     the worst case twice as many
 * @param keep records that arrived longer ago are dropped, by whole days; empty: never
 * @param versionsPerRun old metadata versions that one run deletes
 * @param leftOversPerRun left-over objects that one run deletes
 */
public record MaintenanceSettings(
    boolean automatic,
    double share,
    Duration interval,
    Duration sweepInterval,
    Duration closedAfter,
    long fileBytes,
    Optional<Duration> keep,
    int versionsPerRun,
    int leftOversPerRun) {
  /**
   * Automatic within a tenth of the time, looked at every 10 minutes, left-overs once a day; days
   * closed after 1 hour, files of 64 MiB, nothing dropped; 5,000 versions and 20,000 objects a run.
   */
  public static final MaintenanceSettings DEFAULTS =
      new MaintenanceSettings(
          true,
          0.1,
          Duration.ofMinutes(10),
          Duration.ofDays(1),
          Duration.ofHours(1),
          64L << 20,
          Optional.empty(),
          5_000,
          20_000);

  public MaintenanceSettings {
    if (share <= 0 || share > 1 || fileBytes <= 0 || versionsPerRun <= 0 || leftOversPerRun <= 0) {
      throw new IllegalArgumentException("a bound of maintenance is out of range");
    }
  }

  /** With this retention. */
  public MaintenanceSettings withKeep(Optional<Duration> other) {
    return new MaintenanceSettings(
        automatic,
        share,
        interval,
        sweepInterval,
        closedAfter,
        fileBytes,
        other,
        versionsPerRun,
        leftOversPerRun);
  }

  /** With files of this many payload bytes. */
  public MaintenanceSettings withFileBytes(long bytes) {
    return new MaintenanceSettings(
        automatic,
        share,
        interval,
        sweepInterval,
        closedAfter,
        bytes,
        keep,
        versionsPerRun,
        leftOversPerRun);
  }

  /** Done by the archiver itself or not, and with which share of its time. */
  public MaintenanceSettings withAutomatic(boolean on, double shareOfTime) {
    return new MaintenanceSettings(
        on,
        shareOfTime,
        interval,
        sweepInterval,
        closedAfter,
        fileBytes,
        keep,
        versionsPerRun,
        leftOversPerRun);
  }
}
