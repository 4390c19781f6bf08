package io.watershed.reservoir.store;

import java.time.Duration;

/** How a retry waits: really, or not at all in tests and simulation. */
@FunctionalInterface
public interface Sleeper {
  /** Waits in real time. */
  Sleeper REAL = pause -> Thread.sleep(pause.toMillis());

  /** Does not wait. */
  Sleeper NONE = pause -> {};

  /** Waits this long. */
  void sleep(Duration pause) throws InterruptedException;
}
