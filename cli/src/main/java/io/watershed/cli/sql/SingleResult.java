package io.watershed.cli.sql;

import io.watershed.cli.OutputFormat;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.QueryOutcome;
import java.io.IOException;
import java.util.Optional;

/** A place that holds one result. Used by one thread. */
public final class SingleResult implements ResultOutput {
  private final ResultOutput output;
  private boolean used;

  /** In this place. */
  public SingleResult(ResultOutput output) {
    this.output = output;
  }

  @Override
  public Optional<QueryOutcome> print(OutputFormat format, Execution statement) throws IOException {
    if (used) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "the output holds one result, and this is another statement",
          "Run one statement, or print as CSV, NDJSON or JSON to standard output.");
    }
    used = true;
    return output.print(format, statement);
  }
}
