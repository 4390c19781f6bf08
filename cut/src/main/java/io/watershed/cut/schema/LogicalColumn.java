package io.watershed.cut.schema;

import io.watershed.core.payload.ColumnType;
import java.util.List;

/**
 * One column of the view: all physical columns of one JSON path that are no objects, or the struct
 * of one path. A path that holds both objects and other values has two columns, because a struct
 * cannot hold a text, and {@code customer.city} must go on reading one leaf.
 *
 * @param key the JSON object key, one step below its parent
 * @param name the column's name in SQL: that of its oldest physical column
 * @param types the physical types that it combines, in the order of {@link ColumnType}; only STRUCT
 *     for a struct
 * @param members of a struct
 */
public record LogicalColumn(
    String key, String name, List<ColumnType> types, List<LogicalColumn> members) {
  public LogicalColumn {
    types = types.stream().sorted().toList();
    members = List.copyOf(members);
  }

  /** Whether this is a struct. */
  public boolean isStruct() {
    return types.equals(List.of(ColumnType.STRUCT));
  }

  /** The narrowest type that holds every value: a double if all are numbers, else text. */
  public ColumnType widestType() {
    if (types.size() == 1) {
      return types.get(0);
    }
    return types.equals(List.of(ColumnType.LONG, ColumnType.DOUBLE))
        ? ColumnType.DOUBLE
        : ColumnType.TEXT;
  }
}
