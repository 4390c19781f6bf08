package io.watershed.core.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine's clocks, and timers on one daemon thread. Thread-safe. */
public final class RealScheduler implements Scheduler, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RealScheduler.class);

  private final Clock clock;
  private final ScheduledThreadPoolExecutor timers;

  /** Timers on a new daemon thread. */
  public RealScheduler(String threadName) {
    clock = Clock.systemUTC();
    timers =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, threadName);
              thread.setDaemon(true);
              return thread;
            });
    timers.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Instant instant() {
    return clock.instant();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    try {
      var unused =
          timers.schedule(() -> run(task), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("a timer was set after the scheduler was closed"); // nobody waits for it any more
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("a scheduled task failed", e); // a defect: tasks handle what they expect
    }
  }

  /** Forgets the timers that are still waiting. */
  @Override
  public void close() {
    timers.shutdownNow();
  }
}
