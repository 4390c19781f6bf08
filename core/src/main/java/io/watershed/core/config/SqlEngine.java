package io.watershed.core.config;

/** What answers users' statements. */
public enum SqlEngine {
  /** DuckDB, on this machine. */
  DUCKDB,
  /** A cluster of Apache Drill. */
  DRILL
}
