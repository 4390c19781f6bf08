package io.watershed.flight;

/** Is told of each statement when it has ended. Thread-safe. */
@FunctionalInterface
public interface FlightListener {
  /** Tells nobody. */
  FlightListener NONE = (caller, sql, outcome) -> {};

  /**
   * One statement.
   *
   * @param caller the name of the token's owner; empty where no token is needed
   * @param outcome {@code ok}, or the error's code
   */
  void ended(String caller, String sql, String outcome);
}
