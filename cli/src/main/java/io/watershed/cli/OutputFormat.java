package io.watershed.cli;

/** How a result is printed. */
enum OutputFormat {
  /** For a person. */
  TABLE,
  /** One JSON object. */
  JSON,
  /** One JSON object a row. */
  NDJSON,
  /** RFC 4180. */
  CSV
}
