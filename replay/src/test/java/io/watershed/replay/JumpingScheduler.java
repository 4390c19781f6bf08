package io.watershed.replay;

import io.watershed.core.time.Scheduler;
import io.watershed.core.time.VirtualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Virtual time in which whoever sleeps finds that the time has passed. */
final class JumpingScheduler implements Scheduler {
  private final VirtualScheduler virtual =
      new VirtualScheduler(Instant.parse("2026-11-23T10:00:00Z"));

  @Override
  public Instant instant() {
    return virtual.instant();
  }

  @Override
  public long nanoTime() {
    return virtual.nanoTime();
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    virtual.schedule(delay, task);
  }

  @Override
  public CompletableFuture<Void> sleep(Duration delay) {
    virtual.advance(delay);
    return CompletableFuture.completedFuture(null);
  }

  void advance(Duration duration) {
    virtual.advance(duration);
  }

  /** Runs the next timer; false if there is none. */
  boolean runNext() {
    return virtual.runNext();
  }
}
