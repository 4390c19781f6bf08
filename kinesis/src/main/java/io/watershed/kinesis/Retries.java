package io.watershed.kinesis;

import io.watershed.core.config.RetrySettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.StreamFailure.Kind;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Calls again what may pass later: throttles, transient failures and expired iterators, with full
 * jitter, and a bound on attempts and on time. Everything else fails at once.
 */
public final class Retries {
  private static final Set<Kind> RETRYABLE =
      Set.of(Kind.THROTTLED, Kind.TRANSIENT, Kind.ITERATOR_EXPIRED);

  private final RetrySettings settings;
  private final Scheduler scheduler;
  private final RandomGenerator random;

  /**
   * @param random for jitter; thread-safe if calls run on several threads
   */
  public Retries(RetrySettings settings, Scheduler scheduler, RandomGenerator random) {
    this.settings = settings;
    this.scheduler = scheduler;
    this.random = random;
  }

  /**
   * Runs the attempt until it passes.
   *
   * @return the first result; or a {@link StreamFailure} that says how often it was tried
   */
  public <T> CompletableFuture<T> call(Supplier<CompletableFuture<T>> attempt) {
    CompletableFuture<T> result = new CompletableFuture<>();
    attempt(attempt, 1, scheduler.nanoTime(), result);
    return result;
  }

  /** A wait with full jitter after this many failed attempts. */
  Duration delayAfter(int failedAttempts) {
    long bound = settings.maxDelayAfter(failedAttempts).toNanos();
    return Duration.ofNanos(bound == 0 ? 0 : random.nextLong(bound + 1));
  }

  /** Whether another attempt may start after this many, the first of which began then. */
  boolean mayTryAgain(int attempts, long firstAttemptNanos, Duration delay) {
    return attempts < settings.maxAttempts()
        && scheduler.nanoTime() - firstAttemptNanos + delay.toNanos()
            <= settings.maxTotal().toNanos();
  }

  /** The failure to report when the bound is reached. */
  StreamFailure givenUp(StreamFailure last, int attempts, long firstAttemptNanos) {
    Duration spent = Duration.ofNanos(scheduler.nanoTime() - firstAttemptNanos);
    WatershedException error = last.toError();
    ErrorCode code = last.kind() == Kind.THROTTLED ? ErrorCode.LIMIT : ErrorCode.UNREACHABLE;
    String message =
        error.getMessage() + " (gave up after " + attempts + " attempts in " + text(spent) + ")";
    return new StreamFailure(
        last.kind(), message, new WatershedException(code, message, error.hint(), last));
  }

  private <T> void attempt(
      Supplier<CompletableFuture<T>> attempt,
      int number,
      long firstAttemptNanos,
      CompletableFuture<T> result) {
    CompletableFuture<T> call;
    try {
      call = attempt.get();
    } catch (RuntimeException e) {
      call = CompletableFuture.failedFuture(e);
    }
    var unused =
        call.whenComplete(
            (value, thrown) -> {
              if (thrown == null) {
                result.complete(value);
              } else {
                retry(attempt, number, firstAttemptNanos, result, StreamFailure.of(thrown));
              }
            });
  }

  private <T> void retry(
      Supplier<CompletableFuture<T>> attempt,
      int number,
      long firstAttemptNanos,
      CompletableFuture<T> result,
      StreamFailure failure) {
    if (!RETRYABLE.contains(failure.kind())) {
      result.completeExceptionally(failure);
      return;
    }
    Duration delay = delayAfter(number);
    if (!mayTryAgain(number, firstAttemptNanos, delay)) {
      result.completeExceptionally(givenUp(failure, number, firstAttemptNanos));
      return;
    }
    scheduler.schedule(delay, () -> attempt(attempt, number + 1, firstAttemptNanos, result));
  }

  private static String text(Duration spent) {
    return spent.toSeconds() < 10 ? spent.toMillis() + " ms" : spent.toSeconds() + " s";
  }
}
