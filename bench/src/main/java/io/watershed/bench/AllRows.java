package io.watershed.bench;

import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Keeps the texts of a small answer; numbers as far as the order of additions leaves them. */
final class AllRows implements ResultSink {
  private final StringBuilder text = new StringBuilder();

  String text() {
    return text.toString();
  }

  @Override
  public void begin(List<ResultColumn> columns) {}

  @Override
  public void row(@Nullable Object[] values) {
    List<String> cells = new ArrayList<>();
    for (Object value : values) {
      cells.add(
          value instanceof Double number
              ? String.format(Locale.ROOT, "%.6g", number)
              : String.valueOf(value));
    }
    text.append(cells).append('\n');
  }

  @Override
  public void end(QueryOutcome outcome) {}
}
