package io.watershed.cli;

/** How log lines are printed. */
enum LogFormat {
  /** For a person. */
  TEXT,
  /** One JSON object a line. */
  JSON
}
