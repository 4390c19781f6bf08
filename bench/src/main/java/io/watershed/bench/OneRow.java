package io.watershed.bench;

import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the text of an answer's last row. */
final class OneRow implements ResultSink {
  private String text = "";

  String text() {
    return text;
  }

  @Override
  public void begin(List<ResultColumn> columns) {}

  @Override
  public void row(@Nullable Object[] values) {
    text = Arrays.toString(values);
  }

  @Override
  public void end(QueryOutcome outcome) {}
}
