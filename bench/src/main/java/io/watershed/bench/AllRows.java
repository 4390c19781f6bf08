package io.watershed.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import java.util.ArrayList;
import java.util.Arrays;
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
    text.append(Arrays.stream(values).map(AllRows::cell).toList()).append('\n');
  }

  private static String cell(@Nullable Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.6g", number)
        : String.valueOf(value);
  }

  /** The same of an answer in JSON: an array of arrays. */
  static String text(JsonNode rows) {
    StringBuilder text = new StringBuilder();
    for (JsonNode row : rows) {
      List<String> cells = new ArrayList<>();
      row.forEach(
          value ->
              cells.add(
                  cell(value.isFloatingPointNumber() ? value.doubleValue() : value.asText())));
      text.append(cells).append('\n');
    }
    return text.toString();
  }

  @Override
  public void end(QueryOutcome outcome) {}
}
