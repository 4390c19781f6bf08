package io.watershed.bench;

import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What a benchmark may use.
 *
 * @param workDirectory a folder for its files: empty, or what an earlier run of the same benchmark
 *     left; the caller removes it or keeps it
 * @param quick a fraction of the data, to see that it runs; figures mean little
 * @param records how many records to measure with, for the benchmarks that can vary it; empty for
 *     their own number
 * @param progress takes one line for a person at a time
 */
public record BenchContext(
    Path workDirectory, boolean quick, OptionalLong records, Consumer<String> progress) {
  /** With the benchmark's own number of records. */
  public BenchContext(Path workDirectory, boolean quick, Consumer<String> progress) {
    this(workDirectory, quick, OptionalLong.empty(), progress);
  }
}
