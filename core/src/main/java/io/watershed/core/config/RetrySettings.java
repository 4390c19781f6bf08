package io.watershed.core.config;

import java.time.Duration;

/**
 * How often and how long something is tried again, with full jitter: the wait before attempt n+1 is
 * uniform between zero and {@code min(maxDelay, baseDelay * 2^(n-1))}
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param maxAttempts attempts in all, the first one included
 * @param maxTotal no new attempt starts later than this after the first one
 * @param baseDelay the bound of the first wait
 * @param maxDelay the bound of every wait
 */
public record RetrySettings(
    int maxAttempts, Duration maxTotal, Duration baseDelay, Duration maxDelay) {
  public RetrySettings {
    if (maxAttempts < 1
        || maxTotal.isNegative()
        || baseDelay.isNegative()
        || maxDelay.isNegative()) {
      throw new IllegalArgumentException("retry settings must not be negative");
    }
  }

  /** The bound of the wait after this many failed attempts. */
  public Duration maxDelayAfter(int failedAttempts) {
    int doublings = Math.min(Math.max(0, failedAttempts - 1), 30);
    Duration doubled = baseDelay.multipliedBy(1L << doublings);
    return doubled.compareTo(maxDelay) < 0 ? doubled : maxDelay;
  }
}
