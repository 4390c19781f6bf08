package io.watershed.core.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Limits of one embedded DuckDB database. DuckDB's memory limit covers its buffers, not every
 * allocation: leave headroom (facts: one function call was seen to exceed it).
 *
 * @param memoryLimitBytes bytes of DuckDB's buffers
 * @param threads worker threads, the calling one included
 * @param tempDirectory where it may spill; empty: it may not
 * @param maxTempBytes bytes that it may spill
 */
public record DuckDbSettings(
    long memoryLimitBytes, int threads, Optional<Path> tempDirectory, long maxTempBytes) {
  /** 512 MiB, 2 threads, no spilling. */
  public static final DuckDbSettings DEFAULTS =
      new DuckDbSettings(512L << 20, 2, Optional.empty(), 0);

  public DuckDbSettings {
    if (memoryLimitBytes <= 0 || threads <= 0 || maxTempBytes < 0) {
      throw new IllegalArgumentException("a limit of the database is not positive");
    }
  }
}
