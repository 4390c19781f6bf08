package io.watershed.server.http;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** How many requests each caller may make: a token bucket each. Thread-safe. */
final class RequestRate {
  private static final int MAX_CALLERS = 10_000;
  private static final double NANOS = 1e9;

  private final int perSecond;
  private final int burst;
  private final LongSupplier nanoTime;
  private final Map<String, Bucket> buckets = new HashMap<>();

  RequestRate(int perSecond, int burst, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.nanoTime = nanoTime;
  }

  /**
   * Counts one request.
   *
   * @throws Problem 429
   */
  synchronized void take(String caller) {
    long now = nanoTime.getAsLong();
    if (buckets.size() >= MAX_CALLERS) {
      buckets.values().removeIf(bucket -> bucket.fill(now) >= burst);
    }
    Bucket bucket = buckets.computeIfAbsent(caller, key -> new Bucket(burst, now));
    double there = bucket.fill(now);
    if (there < 1) {
      throw Problem.tooMany(
          "More than " + perSecond + " requests a second",
          "Ask less often; server.requests_per_second is the bound.",
          1);
    }
    bucket.tokens = there - 1;
  }

  private final class Bucket {
    private double tokens;
    private long since;

    Bucket(double tokens, long since) {
      this.tokens = tokens;
      this.since = since;
    }

    double fill(long now) {
      tokens = Math.min(burst, tokens + (now - since) / NANOS * perSecond);
      since = now;
      return tokens;
    }
  }
}
