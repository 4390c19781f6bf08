package io.watershed.archive;

import java.time.Duration;

/**
 * Runs the steps of one archiver strictly one after another, in order of their time. In production
 * a thread; in a simulation the one thread that also moves the clock. Both methods may be called
 * from any thread; after the loop is closed, steps are dropped.
 */
public interface StepLoop {
  /** Runs the step as soon as the steps before it are done. */
  void execute(Runnable step);

  /** Runs the step when the delay has passed. */
  void schedule(Duration delay, Runnable step);
}
