package io.watershed.query;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a result row by row, so that results of any size pass in constant memory. Called from one
 * thread, in this order: {@link #begin}, {@link #row} for each row, {@link #end} once if the
 * statement succeeded.
 *
 * <p>Values are of these Java types: null, Boolean, Long, Double, {@link java.math.BigInteger},
 * {@link java.math.BigDecimal}, String, {@link Json} (JSON text), byte[] (BLOB), {@link
 * java.time.Instant} (timestamp with time zone), {@link java.time.LocalDateTime}, {@link
 * java.time.LocalDate}, {@link java.time.LocalTime}, {@link java.util.UUID}, List (list), and Map
 * with text keys in order (struct, map). Anything else comes as DuckDB's own text.
 */
public interface ResultSink {
  /** The columns, before the first row. */
  void begin(List<ResultColumn> columns) throws IOException;

  /** One row; the array is reused after the call returns. */
  void row(@Nullable Object[] values) throws IOException;

  /** The result is complete. */
  void end(QueryOutcome outcome) throws IOException;

  /** JSON text, to be embedded as it is where the output is JSON. */
  record Json(String text) {}
}
