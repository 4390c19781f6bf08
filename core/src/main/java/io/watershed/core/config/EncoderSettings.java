package io.watershed.core.config;

import java.util.Optional;

/**
 * How archive files are written. The defaults are measured ({@code
 * docs/decisions/0001-encoder.md}).
 *
 * @param database limits of the DuckDB that writes; files are encoded at the same time as far as
 *     its memory suffices for all, each on its caller's thread; more threads than 1 only wait for
 *     it in a busy loop
 * @param zstdLevel compression level, 1 to 22
 * @param rowGroupRows the most rows of a row group: what a writer buffers and a reader decodes at a
 *     time
 * @param rowGroupBytes the most payload bytes of a row group, a single larger record aside
 * @param rowGroupCells the most rows times columns of a row group, so that wide schemas get short
 *     row groups
 * @param dataPageBytes uncompressed bytes of a data page
 * @param dictionaryEntries distinct values of a column chunk up to which it has a dictionary, and
 *     with it a Bloom filter
 */
public record EncoderSettings(
    DuckDbSettings database,
    int zstdLevel,
    int rowGroupRows,
    long rowGroupBytes,
    long rowGroupCells,
    long dataPageBytes,
    int dictionaryEntries) {
  /** 512 MiB, 1 thread; zstd 1; 20,480 rows, 32 MiB or 1 million cells; pages of 1 MiB. */
  public static final EncoderSettings DEFAULTS =
      new EncoderSettings(
          new DuckDbSettings(512L << 20, 1, Optional.empty(), 0),
          1,
          20_480,
          32L << 20,
          1_000_000,
          1L << 20,
          2_048);

  /** The same within this much memory; row groups that would not fit get shorter. */
  public EncoderSettings within(long memoryBytes) {
    return new EncoderSettings(
        new DuckDbSettings(
            memoryBytes, database.threads(), database.tempDirectory(), database.maxTempBytes()),
        zstdLevel,
        rowGroupRows,
        rowGroupBytes,
        rowGroupCells,
        dataPageBytes,
        dictionaryEntries);
  }

  public EncoderSettings {
    if (zstdLevel < 1 || zstdLevel > 22) {
      throw new IllegalArgumentException("zstd has no level " + zstdLevel);
    }
    if (rowGroupRows <= 0 || rowGroupBytes <= 0 || rowGroupCells <= 0 || dataPageBytes <= 0) {
      throw new IllegalArgumentException("a bound of the encoder is not positive");
    }
    if (dictionaryEntries < 0) {
      throw new IllegalArgumentException("dictionary entries are negative");
    }
  }
}
