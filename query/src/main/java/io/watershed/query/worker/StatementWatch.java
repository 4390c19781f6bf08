package io.watershed.query.worker;

import io.watershed.query.StatementControl;
import io.watershed.query.StatementTimer;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Looks after one running statement from the parent's side: memory, time, a cancel that the child
 * does not follow, an interrupt of the thread that waits.
 */
final class StatementWatch implements AutoCloseable {
  private static final long NOT_CANCELLED = Long.MAX_VALUE;

  private final WorkerProcess worker;
  private final long limitBytes;
  private final Duration endTimeout;
  private final StatementTimer time;
  private final Thread caller = Thread.currentThread();
  private final StatementControl.Registration onCancel;
  private final ScheduledFuture<?> timer;
  private volatile long killNanos = NOT_CANCELLED;

  StatementWatch(
      WorkerProcess worker,
      StatementOrder order,
      WorkerSettings settings,
      StatementControl control,
      ScheduledExecutorService timers) {
    this.worker = worker;
    this.limitBytes = WorkerErrors.limitBytes(order, settings);
    this.endTimeout = settings.endTimeout();
    this.time =
        new StatementTimer(
            timers,
            System::nanoTime,
            order.timeLeft().plus(endTimeout),
            () -> worker.kill(Ending.TIME));
    this.onCancel = control.onCancel(() -> timers.execute(this::cancel));
    long interval = settings.checkInterval().toNanos();
    this.timer =
        timers.scheduleWithFixedDelay(this::check, interval, interval, TimeUnit.NANOSECONDS);
  }

  private void cancel() {
    killNanos = System.nanoTime() + endTimeout.toNanos();
    worker.cancel();
  }

  private void check() {
    long now = System.nanoTime();
    if (worker.residentBytes().orElse(0) > limitBytes) {
      worker.kill(Ending.MEMORY);
    } else if (killNanos != NOT_CANCELLED && now - killNanos > 0) {
      worker.kill(Ending.CANCELLED);
    } else if (killNanos == NOT_CANCELLED && caller.isInterrupted()) {
      cancel();
    }
  }

  /** The statement's time, which pauses while its rows are taken. */
  StatementTimer time() {
    return time;
  }

  @Override
  public void close() {
    time.close();
    timer.cancel(false);
    onCancel.close();
  }
}
