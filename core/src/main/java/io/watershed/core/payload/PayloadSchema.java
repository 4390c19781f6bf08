package io.watershed.core.payload;

import io.watershed.core.config.SchemaSettings;
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

  /**
   * This schema, the declared columns, and a column for every observation that fits the bounds, in
   * their order. Columns that are here already stay as they are, so a declared type that an older
   * column of the path does not have becomes its sibling; new ones have field id 0. The first type
   * of a path gets the plain name, later ones the type behind it ({@code amount__double}); a name
   * that is taken, in whatever case, gets a number ({@code ID__2}).
   */
  public PayloadSchema grow(Observations observations, SchemaSettings settings) {
    SchemaGrowth growth = new SchemaGrowth(this, settings);
    growth.addDeclared();
    if (settings.declared().growing()) {
      observations.seen().forEach(growth::add);
    }
    return growth.schema();
  }
}
