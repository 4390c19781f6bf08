package io.watershed.cli.demo;

import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a result of one row of numbers. */
final class LongRow implements ResultSink {
  private final List<Long> values = new ArrayList<>();

  long value(int column) {
    return values.get(column);
  }

  @Override
  public void begin(List<ResultColumn> columns) {
    values.clear();
  }

  @Override
  public void row(@Nullable Object[] row) {
    for (Object value : row) {
      values.add(value instanceof Number number ? number.longValue() : -1L);
    }
  }

  @Override
  public void end(QueryOutcome outcome) {}
}
