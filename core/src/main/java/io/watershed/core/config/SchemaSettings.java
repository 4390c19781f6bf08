package io.watershed.core.config;

/**
 * Which payload columns one archive table gets, and their bounds. They say which columns are made;
 * what a column that exists holds never depends on a setting (PROTOCOL 4.1).
 *
 * @param maxColumns payload columns in all, nested ones and their structs included; declared ones
 *     are made even beyond
 * @param maxKeyLength characters (UTF-16) of a JSON key that may become a column
 * @param maxUnlistedPaths paths without a column that a file's footer names one by one; beyond, it
 *     says that there are more
 * @param declared columns of the stream's configuration
 */
public record SchemaSettings(
    int maxColumns, int maxKeyLength, int maxUnlistedPaths, DeclaredSchema declared) {
  /** Keys in the path of the deepest column. A constant: what columns hold depends on it. */
  public static final int MAX_COLUMN_DEPTH = 5;

  /** 500 columns, keys of 128 characters, 100 unlisted paths a file; none declared. */
  public static final SchemaSettings DEFAULTS = new SchemaSettings(500, 128, 100);

  public SchemaSettings {
    if (maxColumns < 0 || maxKeyLength < 0 || maxUnlistedPaths < 0) {
      throw new IllegalArgumentException("a bound of the payload columns is negative");
    }
  }

  /** Bounds of columns that only records add. */
  public SchemaSettings(int maxColumns, int maxKeyLength, int maxUnlistedPaths) {
    this(maxColumns, maxKeyLength, maxUnlistedPaths, DeclaredSchema.NONE);
  }

  /** The same bounds with declared columns. */
  public SchemaSettings withDeclared(DeclaredSchema other) {
    return new SchemaSettings(maxColumns, maxKeyLength, maxUnlistedPaths, other);
  }
}
