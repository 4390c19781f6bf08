package io.watershed.server.http;

import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets a bounded number of calls do something that takes long. Thread-safe. */
public final class Turns {
  private static final int PATIENCE_SECONDS = 20;

  private final Semaphore permits;

  /** For so many at the same time. */
  public Turns(int permits) {
    this.permits = new Semaphore(permits, true);
  }

  /**
   * Does it when it is its turn.
   *
   * @throws Problem 429 if that does not come soon
   */
  public <T> T run(Callable<T> work) throws Exception {
    if (!permits.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw Problem.tooMany("Too many of these are being answered", "Ask again later.", 5);
    }
    try {
      return work.call();
    } finally {
      permits.release();
    }
  }
}
