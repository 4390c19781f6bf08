package io.watershed.server.record;

import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Between which times the records of a page arrived, and whether others follow. One thread. */
final class PlaceSpan implements ResultSink {
  private final int limit;
  private int rows;
  private Optional<Instant> least = Optional.empty();
  private Optional<Instant> most = Optional.empty();

  PlaceSpan(int limit) {
    this.limit = limit;
  }

  @Override
  public void begin(List<ResultColumn> columns) {}

  @Override
  public void row(@Nullable Object[] values) {
    rows++;
    if (rows <= limit) {
      Instant time = (Instant) Objects.requireNonNull(values[0]);
      least = Optional.of(least.filter(time::isAfter).orElse(time));
      most = Optional.of(most.filter(time::isBefore).orElse(time));
    }
  }

  @Override
  public void end(QueryOutcome outcome) {}

  Optional<Instant> least() {
    return least;
  }

  Optional<Instant> most() {
    return most;
  }

  int records() {
    return Math.min(rows, limit);
  }

  boolean more() {
    return rows > limit;
  }
}
