package io.watershed.query;

import io.watershed.core.config.SqlSettings;

/** Settings with small bounds, and statements that meet them. */
final class Bounds {
  /** Makes one value that is larger than 40 MiB of memory. */
  static final String MEMORY_EATER = "SELECT string_agg(i::VARCHAR, '') FROM range(4000000) t(i)";

  private Bounds() {}

  static SqlSettings of(long maxRows, long memoryBytes, long spillBytes) {
    SqlSettings any = SqlSettings.DEFAULTS;
    return new SqlSettings(
        any.timeout(),
        memoryBytes,
        spillBytes,
        2,
        maxRows,
        any.maxStatementChars(),
        any.maxReshreddedBytes(),
        any.maxReshreddedRecords(),
        any.cacheBytes(),
        any.parallelDownloads());
  }
}
