package io.watershed.server.http;

import java.util.Map;
import java.util.TreeMap;

/** Counts of answered requests, by route and status. Thread-safe. */
public final class ServerMetrics {
  private static final double NANOS = 1e9;

  private final Map<String, long[]> byRoute = new TreeMap<>();
  private final Map<Integer, Long> byStatus = new TreeMap<>();

  /**
   * Counts one request.
   *
   * @param route its method and path, with parameters in braces
   */
  public synchronized void answered(String route, int status, long nanos) {
    byStatus.merge(status, 1L, Long::sum);
    long[] counts = byRoute.computeIfAbsent(route, key -> new long[2]);
    counts[0]++;
    counts[1] += nanos;
  }

  /** Takes samples of counters. */
  @FunctionalInterface
  public interface Counters {
    /** One sample; labels are names and values in turn. */
    void counter(String name, String help, Number value, String... labels);
  }

  /** Hands every count over. */
  public synchronized void report(Counters samples) {
    byStatus.forEach(
        (status, count) ->
            samples.counter(
                "watershed_http_requests",
                "Requests answered.",
                count,
                "status",
                String.valueOf(status)));
    byRoute.forEach(
        (route, counts) -> {
          samples.counter(
              "watershed_http_route_requests", "Requests of a route.", counts[0], "route", route);
          samples.counter(
              "watershed_http_route_seconds",
              "Time that requests of a route took, waiting included.",
              counts[1] / NANOS,
              "route",
              route);
        });
  }
}
