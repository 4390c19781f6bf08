package io.watershed.archive.imports;

/** How records lie in an object. Compression (gzip, zstd) is recognised by its first bytes. */
public enum ImportFormat {
  /** Parquet by its first bytes, else {@link #LINES}. */
  AUTO,
  /**
   * A record a line, its bytes exactly, without the line break. Several JSON objects one behind the
   * other on a line, as Firehose writes them, are a record each.
   */
  LINES,
  /** JSON documents one behind the other, with whatever white space: they may span lines. */
  JSON,
  /** Parquet: a column holds the payload, or the row as JSON is the payload. */
  PARQUET
}
