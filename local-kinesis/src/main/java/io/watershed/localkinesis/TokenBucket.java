package io.watershed.localkinesis;

/**
 * A rate limit: holds one second's worth, refilled as time passes. It can go into debt, which time
 * must pay off first.
 */
final class TokenBucket {
  private final double perSecond;
  private double tokens;
  private long filledAtMillis;

  TokenBucket(double perSecond, long nowMillis) {
    this.perSecond = perSecond;
    this.tokens = perSecond;
    this.filledAtMillis = nowMillis;
  }

  /** Whether this much is there now; an amount larger than the bucket is, when it is full. */
  boolean has(double amount, long nowMillis) {
    fill(nowMillis);
    return tokens >= Math.min(amount, perSecond);
  }

  /** Whether anything is there now. */
  boolean hasAny(long nowMillis) {
    fill(nowMillis);
    return tokens > 0;
  }

  /** Takes this much, into debt if it must be. */
  void take(double amount) {
    tokens -= amount;
  }

  /** Takes everything, then this much on credit. */
  void drainAndTake(double amount) {
    tokens = Math.min(tokens, 0) - amount;
  }

  private void fill(long nowMillis) {
    long elapsed = Math.max(0, nowMillis - filledAtMillis);
    tokens = Math.min(perSecond, tokens + elapsed * perSecond / 1_000);
    filledAtMillis = Math.max(filledAtMillis, nowMillis);
  }
}
