package io.watershed.replay;

import java.time.Duration;

/** Told how a run gets on, about {@code ReplaySettings.progressInterval}, on the run's thread. */
@FunctionalInterface
public interface ReplayListener {
  /** Nobody listens. */
  ReplayListener NONE = progress -> {};

  /** Called at the start, at intervals, and with the final counts. Must return soon. */
  void progress(ReplayProgress progress);

  /**
   * The run waits because another process may still be running the plan: until that one shows a
   * sign of life, or at most this long, its lease and a request's timeout.
   *
   * @param owner who has the run, as {@code user@host}
   */
  default void waitingForOtherRun(String owner, Duration atMost) {}

  /**
   * Whoever runs the plan was asked to pause or end it, and is waited for: until it did, or until
   * it was silent this long.
   *
   * @param owner who has the run, as {@code user@host}
   */
  default void waitingForOwner(String owner, Duration atMostSilent) {}
}
