package io.watershed.core.time;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

/**
 * The time and the timers that code runs by. {@link #instant()} is the wall clock, for what is
 * written down; {@link #nanoTime()} is monotonic, for intervals and deadlines.
 *
 * <p>Tasks must be short: they may all run on one thread.
 */
public interface Scheduler extends InstantSource {
  /** Nanoseconds of a monotonic clock with an arbitrary origin; only differences mean anything. */
  long nanoTime();

  /**
   * Runs the task once, after the delay.
   *
   * @param delay zero or negative runs it as soon as possible, never inside this call
   */
  void schedule(Duration delay, Runnable task);

  /** Completes after the delay; completed already if the delay is zero or negative. */
  default CompletableFuture<Void> sleep(Duration delay) {
    if (delay.isZero() || delay.isNegative()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    schedule(delay, () -> done.complete(null));
    return done;
  }
}
