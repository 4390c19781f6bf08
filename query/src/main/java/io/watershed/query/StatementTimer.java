package io.watershed.query;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Ends a statement that takes longer than it may. The time that the reader of its rows takes does
 * not count: a pipe may be slow, and a person reads page by page. {@link #pause} and {@link
 * #resume} by one thread.
 */
public final class StatementTimer implements AutoCloseable {
  private static final long NOT_PAUSED = Long.MIN_VALUE;
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ScheduledExecutorService timers;
  private final LongSupplier nanoTime;
  private final long limitNanos;
  private final long started;
  private final Runnable onTimeout;
  private volatile long pausedNanos;
  private volatile long pausedSince = NOT_PAUSED;
  private volatile boolean timedOut;
  private boolean closed;
  private ScheduledFuture<?> next;

  /**
   * Starts.
   *
   * @param left of the statement's time
   * @param onTimeout called once, by a thread of {@code timers}
   */
  public StatementTimer(
      ScheduledExecutorService timers, LongSupplier nanoTime, Duration left, Runnable onTimeout) {
    this.timers = timers;
    this.nanoTime = nanoTime;
    this.limitNanos = Math.max(1, left.toNanos());
    this.started = nanoTime.getAsLong();
    this.onTimeout = onTimeout;
    this.next = timers.schedule(this::look, limitNanos, TimeUnit.NANOSECONDS);
  }

  private synchronized void look() {
    if (closed) {
      return;
    }
    long left = limitNanos - countedNanos();
    if (left <= 0) {
      timedOut = true;
      onTimeout.run();
    } else {
      next = timers.schedule(this::look, Math.max(left, LOOK_AGAIN_NANOS), TimeUnit.NANOSECONDS);
    }
  }

  private long countedNanos() {
    long since = pausedSince;
    long now = nanoTime.getAsLong();
    return now - started - pausedNanos - (since == NOT_PAUSED ? 0 : now - since);
  }

  /** From now on time does not count. */
  public void pause() {
    pausedSince = nanoTime.getAsLong();
  }

  /** From now on it counts again. */
  public void resume() {
    pausedNanos = pausedNanos + nanoTime.getAsLong() - pausedSince;
    pausedSince = NOT_PAUSED;
  }

  /** Whether its time is over. */
  public boolean timedOut() {
    return timedOut;
  }

  @Override
  public synchronized void close() {
    closed = true;
    next.cancel(false);
  }
}
