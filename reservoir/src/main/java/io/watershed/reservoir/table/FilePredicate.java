package io.watershed.reservoir.table;

import java.util.List;
import java.util.Optional;

/**
 * What a reader needs of a table, in terms of column values, so that files which surely hold none
 * of it are left out. A file that stays may still hold none.
 */
public sealed interface FilePredicate {
  /** Every file. */
  FilePredicate EVERY = new AllOf(List.of());

  /** Rows for which all of these hold. */
  record AllOf(List<FilePredicate> parts) implements FilePredicate {
    public AllOf {
      parts = List.copyOf(parts);
    }
  }

  /** Rows for which one of these holds; none without parts. */
  record AnyOf(List<FilePredicate> parts) implements FilePredicate {
    public AnyOf {
      parts = List.copyOf(parts);
    }
  }

  /**
   * Rows with a value of a column in a range, both ends included.
   *
   * @param column the physical column, members of structs after a dot; one that the table does not
   *     have rules out nothing
   * @param lowest String, Long (microseconds since the epoch for a timestamp) or Double, as the
   *     column's type is; empty for no bound
   * @param highest likewise
   */
  record Range(String column, Optional<Object> lowest, Optional<Object> highest)
      implements FilePredicate {}
}
