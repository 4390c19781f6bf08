package io.watershed.cut;

import io.watershed.core.error.WatershedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** How a statement waits for its live read: a thread blocks, a simulation lets time pass. */
public interface Awaiting {
  /**
   * The result, within the time.
   *
   * @param what names it in errors
   * @throws WatershedException {@code limit} when the time is over, or what the future failed with
   */
  <T> T within(Duration timeout, String what, CompletableFuture<T> future);
}
