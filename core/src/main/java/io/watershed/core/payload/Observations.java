package io.watershed.core.payload;

import java.util.List;
import java.util.Optional;

/**
 * Values that had no column: what grows a schema, and what a file's footer lists when it cannot.
 *
 * @param seen each once, in order of first sight; of a path that a payload repeats, only what it
 *     finally holds
 * @param more whether there were more than the bound, which are not in {@code seen}
 */
public record Observations(List<Observation> seen, boolean more) {
  /** Nothing seen. */
  public static final Observations NONE = new Observations(List.of(), false);

  public Observations {
    seen = List.copyOf(seen);
  }

  /**
   * A path that had a value of a type.
   *
   * @param path where
   * @param type which column would hold it; empty if none can: a number beyond double, text that
   *     UTF-8 cannot hold
   */
  public record Observation(PayloadPath path, Optional<ColumnType> type) {}
}
