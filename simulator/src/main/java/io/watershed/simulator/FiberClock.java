package io.watershed.simulator;

import io.watershed.core.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** A process's clock for code that sleeps and joins: the fiber pauses, and others run meanwhile. */
final class FiberClock implements Scheduler {
  private final SimulatedProcess process;

  FiberClock(SimulatedProcess process) {
    this.process = process;
  }

  @Override
  public Instant instant() {
    return process.instant();
  }

  @Override
  public long nanoTime() {
    return process.nanoTime();
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    process.schedule(delay, task);
  }

  @Override
  public CompletableFuture<Void> sleep(Duration delay) {
    process.pause(delay);
    return CompletableFuture.completedFuture(null);
  }
}
