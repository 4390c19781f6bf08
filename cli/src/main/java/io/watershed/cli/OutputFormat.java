package io.watershed.cli;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.Locale;

/** How a result is printed. */
public enum OutputFormat {
  /** For a person. */
  TABLE,
  /** One JSON object. */
  JSON,
  /** One JSON object a row. */
  NDJSON,
  /** RFC 4180. */
  CSV,
  /** A Parquet file; only what {@code sql} answers. */
  PARQUET;

  /**
   * The format that a file's name ends with.
   *
   * @throws WatershedException {@code usage}
   */
  public static OutputFormat ofFile(String file) {
    String ending = file.substring(file.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT);
    for (OutputFormat format : values()) {
      if (format != TABLE && format.name().equals(ending)) {
        return format;
      }
    }
    throw new WatershedException(
        ErrorCode.USAGE,
        "The name '" + file + "' does not say its format",
        "Let it end with .parquet, .csv, .ndjson or .json.");
  }
}
