package io.watershed.core.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The types that a column can be declared with. Timestamps, dates and decimals are missing on
 * purpose: JSON and CSV write them as text in many ways, and nothing is parsed out of text
 * (PROTOCOL 4.2). Declare {@code text} and cast in SQL.
 */
public enum DeclaredType {
  /** Integers of 64 bits. */
  LONG,
  /** Numbers with a point or an exponent, and integers beyond 64 bits: the nearest double. */
  DOUBLE,
  /** Any number: a long column and a double column. */
  NUMBER,
  /** Text. */
  TEXT,
  /** true and false. */
  BOOLEAN,
  /** Arrays, as JSON text. */
  JSON;

  /** The word in the configuration. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type of that word. */
  public static Optional<DeclaredType> named(String word) {
    return List.of(values()).stream().filter(type -> type.word().equals(word)).findFirst();
  }
}
