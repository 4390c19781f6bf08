package io.watershed.reservoir.store;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses between tries: doubling, bounded, with full jitter (see the AWS Architecture Blog,
 * "Exponential Backoff And Jitter"). Thread-safe if its random generator is.
 */
public final class Backoff {
  private final Duration first;
  private final Duration longest;
  private final RandomGenerator random;
  private final Sleeper sleeper;

  /**
   * @param first upper bound of the first pause
   * @param longest upper bound of every pause
   * @param random for the jitter
   * @param sleeper how to wait
   */
  public Backoff(Duration first, Duration longest, RandomGenerator random, Sleeper sleeper) {
    this.first = first;
    this.longest = longest;
    this.random = random;
    this.sleeper = sleeper;
  }

  /**
   * Waits after the given number of failed tries.
   *
   * @throws WatershedException {@code cancelled} if the thread is interrupted; its flag stays set
   */
  public void pause(int failures) {
    long boundMillis = first.toMillis() << Math.min(failures - 1, 20);
    long capped = Math.min(longest.toMillis(), Math.max(1, boundMillis));
    try {
      sleeper.sleep(Duration.ofMillis(random.nextLong(capped) + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WatershedException(
          ErrorCode.CANCELLED, "Interrupted while waiting to try again", "", e);
    }
  }
}
