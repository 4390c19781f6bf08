package io.watershed.flight;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where an endpoint listens, and its bounds.
 *
 * @param address where; port 0 takes a free one
 * @param tls the server's certificate; empty for plain text
 * @param maxStatements statements that run at the same time; more are refused
 * @param memoryBytes what the rows on their way may take outside of the heap
 * @param stallTimeout how long a reader may take no rows before its statement ends
 */
public record FlightSettings(
    InetSocketAddress address,
    Optional<Tls> tls,
    int maxStatements,
    long memoryBytes,
    Duration stallTimeout) {
  private static final int STATEMENTS = 8;
  private static final long MEMORY_BYTES = 256L << 20;
  private static final Duration STALL = Duration.ofMinutes(10);

  /**
   * A certificate and its key, as PEM files.
   *
   * @param certificate the chain, the server's own first
   * @param key PKCS #8
   */
  public record Tls(Path certificate, Path key) {}

  /** The default bounds at this address. */
  public static FlightSettings at(InetSocketAddress address) {
    return new FlightSettings(address, Optional.empty(), STATEMENTS, MEMORY_BYTES, STALL);
  }

  /** The same behind TLS. */
  public FlightSettings with(Tls certificate) {
    return new FlightSettings(
        address, Optional.of(certificate), maxStatements, memoryBytes, stallTimeout);
  }

  /** The same with another bound on statements. */
  public FlightSettings withMaxStatements(int statements) {
    return new FlightSettings(address, tls, statements, memoryBytes, stallTimeout);
  }
}
