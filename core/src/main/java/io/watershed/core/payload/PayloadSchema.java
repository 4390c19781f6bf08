package io.watershed.core.payload;

import java.util.List;

/**
 * The payload columns of one archive table, in the order in which they were added. Immutable; only
 * ever grows.
 *
 * @param columns top-level columns
 */
public record PayloadSchema(List<PayloadColumn> columns) {
  /** No columns. */
  public static final PayloadSchema EMPTY = new PayloadSchema(List.of());

  public PayloadSchema {
    columns = List.copyOf(columns);
  }
}
