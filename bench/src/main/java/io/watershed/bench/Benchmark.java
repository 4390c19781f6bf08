package io.watershed.bench;

/** One benchmark. Single-use of machine and context: run one at a time. */
public interface Benchmark {
  /** What {@code watershed dev bench <name>} calls it: lower case with hyphens. */
  String name();

  /** One line: what it measures. */
  String description();

  /**
   * Runs it.
   *
   * @throws Exception whatever stops it; a figure that misses its goal is no exception
   */
  BenchReport run(BenchContext context) throws Exception;
}
