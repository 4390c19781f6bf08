package io.watershed.core.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How {@code watershed serve} listens, whom it answers, and its bounds.
 *
 * @param listen {@code [host:]port}
 * @param flight {@code [host:]port} of Arrow Flight SQL; empty for none
 * @param tls certificate and key; empty for plain HTTP
 * @param tokens who may ask; empty on loopback only
 * @param auditLog the file that says who asked for what
 * @param limits bounds
 */
public record ServerSettings(
    String listen,
    Optional<String> flight,
    Optional<Tls> tls,
    List<ServerToken> tokens,
    Path auditLog,
    Limits limits) {

  public ServerSettings {
    tokens = List.copyOf(tokens);
  }

  /** Files in PEM: the certificate with its chain, and its private key (PKCS#8). */
  public record Tls(Path certificate, Path key) {}

  /**
   * Bounds of a server.
   *
   * @param runningStatements statements that run at the same time, each in a process of its own
   * @param waitingStatements statements that wait for their turn
   * @param keptStatements statements whose results are kept
   * @param resultBytes disk space of one result; what is beyond is left out, and said
   * @param allResultBytes disk space of all results together
   * @param resultIdle a result that nobody asked for in this time is deleted
   * @param sessions live connections (events, tails, waiting) at the same time
   * @param tails of them, streams that are followed
   * @param runningReplays replays that run in this process at the same time
   * @param requestsPerSecond of one caller, in the long run
   * @param requestBurst of one caller, at once
   * @param requestBytes largest body
   * @param threads of the HTTP server; a session has one of them
   */
  public record Limits(
      int runningStatements,
      int waitingStatements,
      int keptStatements,
      long resultBytes,
      long allResultBytes,
      Duration resultIdle,
      int sessions,
      int tails,
      int runningReplays,
      int requestsPerSecond,
      int requestBurst,
      int requestBytes,
      int threads) {
    /** 4 statements, 256 MiB a result and 2 GiB in all, 64 sessions, 50 requests a second. */
    public static final Limits DEFAULTS =
        new Limits(
            4,
            64,
            200,
            256L << 20,
            2L << 30,
            Duration.ofMinutes(15),
            64,
            16,
            4,
            50,
            200,
            1 << 20,
            128);

    /** The same for a test, or a configuration, of its own. */
    public Limits withStatements(int running, int waiting) {
      return new Limits(
          running,
          waiting,
          keptStatements,
          resultBytes,
          allResultBytes,
          resultIdle,
          sessions,
          tails,
          runningReplays,
          requestsPerSecond,
          requestBurst,
          requestBytes,
          threads);
    }

    /** The same with other bounds of results. */
    public Limits withResults(long oneBytes, long allBytes, Duration idle) {
      return new Limits(
          runningStatements,
          waitingStatements,
          keptStatements,
          oneBytes,
          allBytes,
          idle,
          sessions,
          tails,
          runningReplays,
          requestsPerSecond,
          requestBurst,
          requestBytes,
          threads);
    }

    /** The same with other bounds of live connections. */
    public Limits withSessions(int all, int following) {
      return new Limits(
          runningStatements,
          waitingStatements,
          keptStatements,
          resultBytes,
          allResultBytes,
          resultIdle,
          all,
          following,
          runningReplays,
          requestsPerSecond,
          requestBurst,
          requestBytes,
          all + SPARE_THREADS);
    }

    /** The same with another rate. */
    public Limits withRate(int perSecond, int burst) {
      return new Limits(
          runningStatements,
          waitingStatements,
          keptStatements,
          resultBytes,
          allResultBytes,
          resultIdle,
          sessions,
          tails,
          runningReplays,
          perSecond,
          burst,
          requestBytes,
          threads);
    }

    /** Threads for what is answered at once, and those of the HTTP server itself. */
    private static final int SPARE_THREADS = 64;
  }
}
