package io.watershed.cli.sql;

import io.watershed.cli.OutputFormat;
import io.watershed.query.QueryOutcome;
import java.io.IOException;
import java.util.Optional;

/** A place where results go. */
public interface ResultOutput {
  /**
   * Runs the statement and prints its result.
   *
   * @return empty if the reader did not want all of it
   * @throws io.watershed.core.error.WatershedException of the statement; {@code usage} where this
   *     format cannot go to this place
   */
  Optional<QueryOutcome> print(OutputFormat format, Execution statement) throws IOException;
}
