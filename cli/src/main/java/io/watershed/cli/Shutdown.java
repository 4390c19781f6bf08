package io.watershed.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends a command that is interrupted (Ctrl-C, SIGTERM) as cleanly as one that is done: asks it to
 * stop, waits for it, and exits with its own status. Thread-safe.
 */
public final class Shutdown {
  /** A command that does not stop by then is cut off. */
  static final Duration GRACE = Duration.ofSeconds(30);

  private static final int INTERRUPTED = 130;

  private final Deque<Runnable> actions = new ArrayDeque<>();
  private final CountDownLatch finished = new CountDownLatch(1);
  private boolean requested;
  private volatile int status = INTERRUPTED;

  private Shutdown() {}

  /** Listens to the signals of this process. */
  static Shutdown install() {
    Shutdown shutdown = new Shutdown();
    Thread hook = new Thread(shutdown::interrupted, "shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
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

  /** Whether a stop was asked for. */
  synchronized boolean isRequested() {
    return requested;
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

  /** Ends the process with this status, whether it was interrupted or not. */
  void exit(int commandStatus) {
    status = commandStatus;
    finished.countDown();
    System.exit(commandStatus);
  }

  private synchronized void remove(Runnable action) {
    actions.remove(action);
  }

  private void interrupted() {
    if (finished.getCount() == 0) {
      return;
    }
    request();
    try {
      if (!finished.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("watershed: did not stop within " + GRACE.toSeconds() + " s, exiting");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // The JVM would report the signal; the command's own status says more.
    Runtime.getRuntime().halt(status);
  }
}
