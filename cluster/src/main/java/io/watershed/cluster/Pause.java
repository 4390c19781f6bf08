package io.watershed.cluster;

import java.time.Duration;

/** How a thread lets time pass. */
@FunctionalInterface
public interface Pause {
  /**
   * Waits.
   *
   * @throws io.watershed.core.error.WatershedException {@code cancelled} when the command is asked
   *     to stop
   */
  void forTime(Duration time);
}
