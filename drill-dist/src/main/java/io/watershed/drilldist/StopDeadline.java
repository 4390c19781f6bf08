package io.watershed.drilldist;

import java.time.Duration;

/**
 * A shutdown hook that ends the JVM although other hooks still wait. Hooks run side by side, and
 * the JVM waits for all of them: this one is a daemon's watch and no longer than the others.
 */
final class StopDeadline extends Thread {
  private static final int CUT_OFF = 143;

  private final Duration deadline;

  StopDeadline(Duration deadline) {
    super("stop-deadline");
    this.deadline = deadline;
  }

  @Override
  public void run() {
    // The hook itself must return, or a quick stop would take as long as the deadline.
    Thread watch =
        new Thread(
            () -> {
              try {
                Thread.sleep(deadline.toMillis());
              } catch (InterruptedException e) {
                return; // nobody interrupts it; ending early is the safe side
              }
              System.err.println(
                  "drillbit: did not stop within " + deadline.toSeconds() + " s, ending now");
              Runtime.getRuntime().halt(CUT_OFF);
            },
            "stop-deadline-watch");
    watch.setDaemon(true);
    watch.start();
  }
}
