package io.watershed.core.payload;

import java.util.List;

/**
 * A physical column: a JSON path and a type, for ever (PROTOCOL 4.1).
 *
 * @param key the JSON object key that it holds, one step below its parent
 * @param type the type
 * @param name the column's (or struct member's) name: the sanitised key, with a suffix for siblings
 *     and for names that collide case-insensitively
 * @param fieldId the Iceberg field id; 0 until the table has assigned one
 * @param children member columns of a STRUCT, in order; empty otherwise
 */
public record PayloadColumn(
    String key, ColumnType type, String name, int fieldId, List<PayloadColumn> children) {
  public PayloadColumn {
    children = List.copyOf(children);
  }
}
