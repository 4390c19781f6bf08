package io.watershed.core.payload;

import io.watershed.core.config.SchemaSettings;

/**
 * Limits that decide what a payload's columns hold. Constants, not settings: a column's value is a
 * function of the bytes for ever (PROTOCOL 4.1), so it must not change with a configuration.
 */
public final class JsonLimits {
  /** Bytes of a payload that is looked into. Kinesis allows 10 MiB a record. */
  public static final int MAX_PAYLOAD_BYTES = 16 << 20;

  /**
   * Levels of objects and arrays. Engines recurse: DuckDB was seen to crash the process at 100,000,
   * and at 1,000 in casts to VARIANT.
   */
  public static final int MAX_NESTING = 500;

  /** Digits of a number token; sign, point and {@code e} do not count. */
  public static final int MAX_NUMBER_DIGITS = 1000;

  /** Keys in the path of the deepest column. An object there is JSON text, not a struct. */
  public static final int MAX_COLUMN_DEPTH = SchemaSettings.MAX_COLUMN_DEPTH;

  private JsonLimits() {}
}
