package io.watershed.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends a command that is interrupted (Ctrl-C, SIGTERM) as cleanly as one that is done: asks it to
 * stop, waits for it, and exits with its own status. A second signal ends it at once. Thread-safe.
 */
public final class Shutdown {
  /** A command that does not stop by then is cut off. */
  static final Duration GRACE = Duration.ofSeconds(60);

  private static final int INTERRUPTED = 130;

  private final Deque<Runnable> actions = new ArrayDeque<>();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final AtomicInteger signals = new AtomicInteger();
  private boolean requested;

  private Shutdown() {}

  /** Listens to the signals of this process. */
  static Shutdown install() {
    Shutdown shutdown = new Shutdown();
    Signals.onStop(shutdown::interrupted);
    return shutdown;
  }

  /** For tests: only {@link #request} stops anything. */
  static Shutdown manual() {
    return new Shutdown();
  }

  /**
   * Runs the action when a stop is asked for, at once if it was already.
   *
   * @return takes the action back
   */
  public AutoCloseable onStop(Runnable action) {
    boolean late;
    synchronized (this) {
      late = requested;
      if (!late) {
        actions.push(action);
      }
    }
    if (late) {
      action.run();
    }
    return () -> remove(action);
  }

  /** Asks the command to stop: newest action first. */
  void request() {
    while (true) {
      Runnable action;
      synchronized (this) {
        requested = true;
        action = actions.poll();
      }
      if (action == null) {
        return;
      }
      action.run();
    }
  }

  /** Ends the process with this status. */
  void exit(int status) {
    finished.countDown();
    System.exit(status);
  }

  private synchronized void remove(Runnable action) {
    actions.remove(action);
  }

  private synchronized boolean isStoppable() {
    return !actions.isEmpty();
  }

  private void interrupted() {
    if (signals.incrementAndGet() > 1) {
      Runtime.getRuntime().halt(INTERRUPTED);
    }
    if (!isStoppable()) {
      System.exit(INTERRUPTED);
    }
    Thread guard = new Thread(this::cutOff, "stop");
    guard.setDaemon(true);
    guard.start();
    request();
  }

  private void cutOff() {
    try {
      if (!finished.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println(
            "watershed: did not stop within " + GRACE.toSeconds() + " s, ending now");
        Runtime.getRuntime().halt(INTERRUPTED);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
