package io.watershed.core.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * Time that moves only when it is told to: timers run on the caller's thread, in the order of their
 * time and, at the same time, of their scheduling. For simulation and tests. Not thread-safe.
 */
public final class VirtualScheduler implements Scheduler {
  private final Instant origin;
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::nanos).thenComparingLong(Timer::number));
  private long nowNanos;
  private long scheduled;

  /** Starts at this time, with nothing scheduled. */
  public VirtualScheduler(Instant origin) {
    this.origin = origin;
  }

  @Override
  public Instant instant() {
    return origin.plusNanos(nowNanos);
  }

  @Override
  public long nanoTime() {
    return nowNanos;
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    timers.add(new Timer(nowNanos + Math.max(0, delay.toNanos()), scheduled++, task));
  }

  /** Moves to the next timer and runs it; false if none is left. */
  public boolean runNext() {
    Timer next = timers.poll();
    if (next == null) {
      return false;
    }
    nowNanos = Math.max(nowNanos, next.nanos());
    next.task().run();
    return true;
  }

  /**
   * Runs timers until the condition holds; false if none is left before that.
   *
   * @param maxTimers a bound on the timers to run
   * @throws IllegalStateException when the bound is reached: something polls for ever
   */
  public boolean runUntil(BooleanSupplier condition, long maxTimers) {
    long left = maxTimers;
    while (!condition.getAsBoolean()) {
      if (left-- == 0) {
        throw new IllegalStateException("no end after " + maxTimers + " timers");
      }
      if (!runNext()) {
        return condition.getAsBoolean();
      }
    }
    return true;
  }

  /** Moves time forward by this much and runs every timer that falls into it. */
  public void advance(Duration duration) {
    long until = nowNanos + duration.toNanos();
    for (Timer next = timers.peek(); next != null && next.nanos() <= until; next = timers.peek()) {
      runNext();
    }
    nowNanos = Math.max(nowNanos, until);
  }

  private record Timer(long nanos, long number, Runnable task) {}
}
