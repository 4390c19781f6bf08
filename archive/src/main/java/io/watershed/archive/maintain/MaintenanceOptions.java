package io.watershed.archive.maintain;

import io.watershed.core.config.MaintenanceSettings;
import java.util.function.BooleanSupplier;

/**
 * How to maintain one stream.
 *
 * @param settings bounds and retention
 * @param dryRun only say what would be done
 * @param sweep whether to look for left-overs, which lists the table
 * @param listener hears the progress
 * @param stop asked between two steps; true ends the run
 */
public record MaintenanceOptions(
    MaintenanceSettings settings,
    boolean dryRun,
    boolean sweep,
    MaintenanceListener listener,
    BooleanSupplier stop) {
  /** Everything, to the end. */
  public static MaintenanceOptions of(MaintenanceSettings settings) {
    return new MaintenanceOptions(settings, false, true, MaintenanceListener.NONE, () -> false);
  }

  /** Only say what would be done. */
  public MaintenanceOptions asDryRun() {
    return new MaintenanceOptions(settings, true, sweep, listener, stop);
  }

  /** With or without a search for left-overs. */
  public MaintenanceOptions withSweep(boolean on) {
    return new MaintenanceOptions(settings, dryRun, on, listener, stop);
  }

  /** Watched, and ended on request. */
  public MaintenanceOptions watchedBy(MaintenanceListener other, BooleanSupplier stopped) {
    return new MaintenanceOptions(settings, dryRun, sweep, other, stopped);
  }
}
