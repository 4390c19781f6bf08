package io.watershed.cli.sql;

import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts the rows that pass. */
final class WatchedSink implements ResultSink {
  private final ResultSink sink;
  private final StatementProgress progress;

  WatchedSink(ResultSink sink, StatementProgress progress) {
    this.sink = sink;
    this.progress = progress;
  }

  @Override
  public void begin(List<ResultColumn> columns) throws IOException {
    sink.begin(columns);
  }

  @Override
  public void row(@Nullable Object[] values) throws IOException {
    progress.countRow();
    sink.row(values);
  }

  @Override
  public void end(QueryOutcome outcome) throws IOException {
    sink.end(outcome);
  }
}
