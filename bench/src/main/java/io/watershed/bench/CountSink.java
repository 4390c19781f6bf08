package io.watershed.bench;

import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the one number of a {@code SELECT count(*)}. */
final class CountSink implements ResultSink {
  private long value;

  long value() {
    return value;
  }

  @Override
  public void begin(List<ResultColumn> columns) {}

  @Override
  public void row(@Nullable Object[] values) {
    if (values[0] instanceof Number number) {
      value = number.longValue();
    }
  }

  @Override
  public void end(QueryOutcome outcome) {}
}
