package io.watershed.query.gate;

/**
 * A table as user SQL names it.
 *
 * @param schema empty, or such as {@code watershed}
 * @param name as written, without quotes
 */
public record TableName(String schema, String name) {
  @Override
  public String toString() {
    return schema.isEmpty() ? name : schema + "." + name;
  }
}
