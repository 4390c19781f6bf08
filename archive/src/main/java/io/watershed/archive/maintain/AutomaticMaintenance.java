package io.watershed.archive.maintain;

import io.watershed.core.config.MaintenanceSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.reservoir.Reservoir;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maintains archives beside their archivers, on one thread with a bounded share of the time: after
 * a round that took long, the next one waits in proportion. A failure is logged and tried again in
 * the next round; the archivers never notice. Close it to stop; that waits a little for the step at
 * hand.
 */
public final class AutomaticMaintenance implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AutomaticMaintenance.class);

  /** A round looks whether it should end after each step; one step takes this long at most. */
  private static final Duration LONGEST_STEP = Duration.ofSeconds(50);

  /** A step that takes longer is cut off when this is closed: it is repeated another day. */
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  private final Reservoir reservoir;
  private final List<Maintained> streams;
  private final InstantSource clock;
  private final ScheduledThreadPoolExecutor thread;
  private final Map<String, Instant> swept = new HashMap<>();
  private volatile boolean stopped;

  /**
   * One stream to maintain.
   *
   * @param name its name in the reservoir
   * @param format how its payloads are decoded
   * @param settings bounds; nothing is done for it unless they say automatic
   */
  public record Maintained(String name, PayloadFormat format, MaintenanceSettings settings) {}

  private AutomaticMaintenance(Reservoir reservoir, List<Maintained> streams, InstantSource clock) {
    this.reservoir = reservoir;
    this.streams = streams;
    this.clock = clock;
    this.thread = new ScheduledThreadPoolExecutor(1, AutomaticMaintenance::daemon);
    // Else closing would wait for the round that is due in some minutes.
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Starts the thread; the first round begins after the shortest interval. */
  public static AutomaticMaintenance start(
      Reservoir reservoir, List<Maintained> streams, InstantSource clock) {
    AutomaticMaintenance started =
        new AutomaticMaintenance(
            reservoir,
            streams.stream().filter(stream -> stream.settings().automatic()).toList(),
            clock);
    started.streams.stream()
        .map(stream -> stream.settings().interval())
        .min(Duration::compareTo)
        .ifPresent(started::next);
    return started;
  }

  private void next(Duration pause) {
    try {
      var unused = thread.schedule(this::round, pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // Stopped meanwhile.
    }
  }

  private void round() {
    Duration pause = Duration.ofDays(1);
    try (LocalMaintenance maintenance = new LocalMaintenance(reservoir, clock)) {
      for (Maintained stream : streams) {
        Instant begun = clock.instant();
        maintain(maintenance, stream, begun);
        Duration took = Duration.between(begun, clock.instant());
        pause = shorter(pause, pause(stream.settings(), took));
      }
    } catch (WatershedException e) {
      LOG.warn("Maintenance does not start: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("Maintenance failed; it is tried again", e);
    } finally {
      next(pause);
    }
  }

  private void maintain(LocalMaintenance maintenance, Maintained stream, Instant begun) {
    MaintenanceSettings settings = stream.settings();
    Instant last = swept.getOrDefault(stream.name(), Instant.EPOCH);
    boolean sweep = !last.plus(settings.sweepInterval()).isAfter(begun);
    Instant end = begun.plus(budget(settings));
    try {
      MaintenanceReport report =
          maintenance.run(
              stream.name(),
              stream.format(),
              MaintenanceOptions.of(settings)
                  .withSweep(sweep)
                  .watchedBy(
                      MaintenanceListener.NONE, () -> stopped || clock.instant().isAfter(end)));
      if (sweep && report.finished()) {
        swept.put(stream.name(), begun);
      }
      if (!report.isEmpty()) {
        LOG.info(
            "{}: maintenance made {} files of {}, dropped {} records, deleted {} versions and {}"
                + " other objects",
            stream.name(),
            report.compactions(),
            report.compactedFiles(),
            report.droppedRows(),
            report.versions(),
            report.leftOvers());
      }
    } catch (WatershedException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        LOG.warn("{}: maintenance failed, and is tried again: {}", stream.name(), e.getMessage());
      }
    }
  }

  private static Duration budget(MaintenanceSettings settings) {
    return shorter(
        LONGEST_STEP,
        Duration.ofMillis((long) (settings.interval().toMillis() * settings.share())));
  }

  /** So long that what was taken is at most the share. */
  static Duration pause(MaintenanceSettings settings, Duration took) {
    Duration fair = Duration.ofMillis((long) (took.toMillis() * (1 / settings.share() - 1)));
    return fair.compareTo(settings.interval()) > 0 ? fair : settings.interval();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "maintenance");
    thread.setDaemon(true);
    return thread;
  }

  /** Asks it to end after the step at hand; returns at once. */
  public void stop() {
    stopped = true;
    thread.shutdown();
  }

  /** Whether it was stopped, and nothing of it runs any more. */
  public boolean isEnded() {
    return thread.isTerminated();
  }

  @Override
  public void close() {
    stop();
    try {
      if (!thread.awaitTermination(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("Maintenance is cut off in a step; nothing is lost");
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread.shutdownNow();
    }
  }
}
