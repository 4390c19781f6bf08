package io.watershed.bench;

import io.watershed.bench.BenchResult.Better;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What a statement took, medians in milliseconds.
 *
 * @param plain by DuckDB alone, over the archive's files
 * @param archive over the archive by our engine
 * @param view over archive and live records
 * @param cut the part of {@code view} that loads the table and reads the live records
 * @param viewAnswer what the view answered
 */
record StatementTimes(double plain, double archive, double view, double cut, String viewAnswer) {
  static final double ARCHIVE_GOAL = 1.15;
  static final double VIEW_GOAL = 1.3;
  static final double LOOKUP_GOAL_MS = 200;

  /** For a person who waits. */
  String line() {
    return String.format(
        Locale.ROOT,
        "plain %.0f ms, archive %.0f ms, whole view %.0f ms, of which the live read is %.0f ms",
        plain,
        archive,
        view,
        cut);
  }

  List<BenchResult> results(String statement) {
    List<BenchResult> results = new ArrayList<>();
    results.add(millis(statement + ", archive", archive, plain, plain * ARCHIVE_GOAL));
    results.add(millis(statement + ", whole view", view, plain + cut, plain * VIEW_GOAL + cut));
    results.add(
        new BenchResult(
            "  its live read",
            cut,
            "ms",
            Better.LOWER,
            OptionalDouble.empty(),
            "",
            OptionalDouble.empty()));
    if (statement.equals(BenchStatement.LOOKUP)) {
      results.add(millis("  warm, on the archive", archive, plain, LOOKUP_GOAL_MS));
    }
    return results;
  }

  private static BenchResult millis(String name, double figure, double reference, double goal) {
    return new BenchResult(
        name,
        figure,
        "ms",
        Better.LOWER,
        OptionalDouble.of(reference),
        PlainParquet.NAME,
        OptionalDouble.of(goal));
  }
}
