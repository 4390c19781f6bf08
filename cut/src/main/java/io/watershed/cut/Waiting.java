package io.watershed.cut;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.kinesis.StreamFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The edge between futures and threads: waits, and turns failures into errors for a person. */
public final class Waiting {
  private Waiting() {}

  /** All results, in order; the first error otherwise. */
  public static <T> List<T> forAll(List<CompletableFuture<T>> futures) {
    return futures.stream().map(Waiting::forOne).toList();
  }

  private static <T> T forOne(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw toError(e);
    }
  }

  /** The calling thread waits. */
  public static <T> T within(Duration timeout, String what, CompletableFuture<T> future) {
    try {
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw tooSlow(timeout, what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WatershedException(ErrorCode.CANCELLED, what + " was cancelled", "", e);
    } catch (ExecutionException e) {
      throw toError(e);
    }
  }

  private static WatershedException tooSlow(Duration timeout, String what, TimeoutException e) {
    return new WatershedException(
        ErrorCode.LIMIT,
        what + " took longer than " + timeout.toSeconds() + " s",
        "Let the archiver catch up, or ask the archive alone with --live off.",
        e);
  }

  /** What a failed future comes to for a person. */
  public static WatershedException toError(Exception thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof WatershedException error ? error : StreamFailure.of(cause).toError();
  }
}
