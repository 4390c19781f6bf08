package io.watershed.query;

import io.watershed.cut.Receipt;
import java.time.Duration;
import java.util.List;

/**
 * What became of a statement.
 *
 * @param rows rows handed to the sink
 * @param receipt the cut that it read; stored in the reservoir, {@link Receipt#id()} is printed
 * @param elapsed wall time from the request to the last row
 * @param notices sentences for the person: gaps, a live side that was not read
 * @param report what it cost
 */
public record QueryOutcome(
    long rows, Receipt receipt, Duration elapsed, List<String> notices, StatementReport report) {
  public QueryOutcome {
    notices = List.copyOf(notices);
  }
}
