package io.watershed.cli;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Pauses that end when the command is asked to stop. */
final class Interruption implements AutoCloseable {
  private final CountDownLatch requested = new CountDownLatch(1);
  private final AutoCloseable registration;

  Interruption(Shutdown shutdown) {
    registration = shutdown.onStop(requested::countDown);
  }

  /**
   * Waits.
   *
   * @throws WatershedException {@code cancelled} when the command is asked to stop
   */
  void pause(Duration time) {
    try {
      if (requested.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new WatershedException(ErrorCode.CANCELLED, "stopped", "");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WatershedException(ErrorCode.CANCELLED, "stopped", "", e);
    }
  }

  @Override
  public void close() {
    try {
      registration.close();
    } catch (Exception e) {
      throw new IllegalStateException("taking a registration back cannot fail", e);
    }
  }
}
