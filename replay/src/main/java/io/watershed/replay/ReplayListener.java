package io.watershed.replay;

/** Told how a run gets on, about {@code ReplaySettings.progressInterval}, on the run's thread. */
@FunctionalInterface
public interface ReplayListener {
  /** Nobody listens. */
  ReplayListener NONE = progress -> {};

  /** Called at the start, at intervals, and with the final counts. Must return soon. */
  void progress(ReplayProgress progress);

  /** The run waits because another process may still be running the plan, up to this long. */
  default void waitingForOtherRun(java.time.Duration atMost) {}
}
