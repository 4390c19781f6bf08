package io.watershed.flight;

import java.util.Optional;

/** Knows the tokens of those who may ask. Thread-safe. */
@FunctionalInterface
public interface FlightTokens {
  /** The name of whoever has this token; empty if nobody has. */
  Optional<String> nameOf(String token);
}
