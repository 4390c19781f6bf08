package io.watershed.server.http;

import java.util.Optional;

/** Is told of each audited call when it is answered. Thread-safe. */
@FunctionalInterface
public interface AuditSink {
  /** Nothing is written down. */
  AuditSink NONE = (caller, action, subject, status, outcome) -> {};

  /**
   * One call.
   *
   * @param action the route, such as {@code POST /api/v1/statements}
   * @param subject what it was about
   * @param outcome {@code ok}, or the problem's code
   */
  void called(Caller caller, String action, Optional<String> subject, int status, String outcome);
}
