package io.watershed.core.config;

import java.time.Duration;

/**
 * Bounds of one AWS client.
 *
 * @param maxConnections open connections to the service at once
 * @param maxWaitingRequests requests that may wait for a connection; one more fails
 * @param connectTimeout to open a connection, TLS included
 * @param idleTimeout without a byte read or written on a connection
 * @param requestTimeout for one request from start to end
 */
public record AwsClientSettings(
    int maxConnections,
    int maxWaitingRequests,
    Duration connectTimeout,
    Duration idleTimeout,
    Duration requestTimeout) {

  /** 64 connections, 1,000 waiting, 5 s to connect, 20 s idle, 60 s a request. */
  public static final AwsClientSettings DEFAULTS =
      new AwsClientSettings(
          64, 1_000, Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(60));
}
