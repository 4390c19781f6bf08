package io.watershed.core.config;

import java.util.List;

/**
 * The payload columns that a stream's configuration declares.
 *
 * @param columns columns that exist from the start, before any that records add
 * @param growing whether records add columns
 */
public record DeclaredSchema(List<DeclaredColumn> columns, boolean growing) {
  /** Records make all columns. */
  public static final DeclaredSchema NONE = new DeclaredSchema(List.of(), true);

  public DeclaredSchema {
    columns = List.copyOf(columns);
  }
}
