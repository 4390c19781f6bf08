package io.watershed.query.format;

import com.fasterxml.jackson.core.JsonGenerator;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One object per row, each on its line; nothing else, so that a pipe can take it. */
final class NdjsonSink implements ResultSink {
  private final JsonGenerator json;
  private List<String> names = List.of();

  NdjsonSink(Writer writer) {
    json = JsonSink.generator(writer);
  }

  @Override
  public void begin(List<ResultColumn> columns) {
    names = ColumnNames.unique(columns);
  }

  @Override
  public void row(@Nullable Object[] values) throws IOException {
    JsonSink.writeRow(json, names, values);
    json.writeRaw('\n');
  }

  @Override
  public void end(QueryOutcome outcome) throws IOException {
    json.flush();
  }
}
