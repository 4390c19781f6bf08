package io.watershed.core.config;

/**
 * Bounds of the payload columns of one archive table. They bound which columns are made; what a
 * column that exists holds never depends on a setting (PROTOCOL 4.1).
 *
 * @param maxColumns payload columns in all, nested ones and their structs included
 * @param maxKeyLength characters (UTF-16) of a JSON key that may become a column
 * @param maxUnlistedPaths paths without a column that a file's footer names one by one; beyond, it
 *     says that there are more
 */
public record SchemaSettings(int maxColumns, int maxKeyLength, int maxUnlistedPaths) {
  /** 500 columns, keys of 128 characters, 100 unlisted paths a file. */
  public static final SchemaSettings DEFAULTS = new SchemaSettings(500, 128, 100);

  public SchemaSettings {
    if (maxColumns < 0 || maxKeyLength < 0 || maxUnlistedPaths < 0) {
      throw new IllegalArgumentException("a bound of the payload columns is negative");
    }
  }
}
