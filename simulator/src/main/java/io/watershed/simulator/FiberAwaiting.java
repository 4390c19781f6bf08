package io.watershed.simulator;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.Awaiting;
import io.watershed.cut.Waiting;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A statement's thread that waits in virtual time: others run meanwhile. */
final class FiberAwaiting implements Awaiting {
  private final SimulatedProcess process;

  FiberAwaiting(SimulatedProcess process) {
    this.process = process;
  }

  @Override
  public <T> T within(Duration timeout, String what, CompletableFuture<T> future) {
    if (!future.isDone()) {
      process.world().fibers().pause(goOn -> wakeOnce(timeout, future, goOn));
    }
    if (!future.isDone()) {
      future.cancel(true);
      throw new WatershedException(
          ErrorCode.LIMIT, what + " took longer than " + timeout.toSeconds() + " s", "Simulated.");
    }
    try {
      return future.join();
    } catch (CompletionException e) {
      throw Waiting.toError(e);
    }
  }

  private void wakeOnce(Duration timeout, CompletableFuture<?> future, Runnable goOn) {
    AtomicBoolean awake = new AtomicBoolean();
    Runnable wake =
        () -> {
          if (awake.compareAndSet(false, true)) {
            goOn.run();
          }
        };
    process.schedule(timeout, wake);
    var unused = future.whenComplete((value, error) -> process.schedule(Duration.ZERO, wake));
  }
}
