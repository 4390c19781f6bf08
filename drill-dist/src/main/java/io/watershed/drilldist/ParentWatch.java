package io.watershed.drilldist;

import java.io.IOException;

/**
 * Ends this process when the one that started it is gone, even by SIGKILL: the system then closes
 * the pipe that is this process's standard input. No orphan is left.
 */
final class ParentWatch {
  private ParentWatch() {}

  /** Starts the watch if the settings ask for it. */
  static void startIfAsked() {
    if (!ProcessSettings.watchesParent()) {
      return;
    }
    Thread watch = new Thread(ParentWatch::await, "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static void await() {
    try {
      while (System.in.read() >= 0) {
        // What the parent may write means nothing.
      }
    } catch (IOException e) {
      // A broken pipe is an end, too.
      System.err.println("drillbit: standard input is broken, ending");
    }
    System.exit(0);
  }
}
