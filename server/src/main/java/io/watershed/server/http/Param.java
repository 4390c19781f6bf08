package io.watershed.server.http;

import java.util.Optional;

/**
 * One parameter of a route.
 *
 * @param name as in the path or the query
 * @param inPath whether it is a part of the path, and so always there
 * @param shape what it may be
 * @param otherwise what holds without it
 * @param meaning one sentence
 */
public record Param(
    String name, boolean inPath, Shape shape, Optional<String> otherwise, String meaning) {
  /** A part of the path. */
  public static Param path(String name, Shape shape, String meaning) {
    return new Param(name, true, shape, Optional.empty(), meaning);
  }

  /** Behind the question mark; may be left out. */
  public static Param query(String name, Shape shape, String meaning) {
    return new Param(name, false, shape, Optional.empty(), meaning);
  }

  /** The same with a default. */
  public Param or(String text) {
    return new Param(name, inPath, shape, Optional.of(text), meaning);
  }
}
