package io.watershed.core.config;

import java.util.List;

/**
 * One entry of a stream's {@code columns}.
 *
 * @param path the keys from the payload's top, outermost first; at least one
 * @param type which columns the path has from the start
 */
public record DeclaredColumn(List<String> path, DeclaredType type) {
  public DeclaredColumn {
    path = List.copyOf(path);
    if (path.isEmpty()) {
      throw new IllegalArgumentException("a declared column has no path");
    }
  }
}
