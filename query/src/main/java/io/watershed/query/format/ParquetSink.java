package io.watershed.query.format;

import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import io.watershed.query.parquet.ParquetOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * A result as one Parquet file with typed columns, in bounded memory. The footer holds the receipt
 * under {@value #RECEIPT_KEY}. Flushes at the end and never closes the stream. A statement that
 * fails leaves a file without a footer, which no reader takes for a whole one. Not thread-safe.
 */
public final class ParquetSink implements ResultSink {
  static final String RECEIPT_KEY = "watershed.receipt";

  private final OutputStream out;
  private final List<ParquetColumn> columns = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private @Nullable ParquetOutput file;

  /**
   * @param out best buffered
   */
  public ParquetSink(OutputStream out) {
    this.out = out;
  }

  @Override
  public void begin(List<ResultColumn> resultColumns) throws IOException {
    names.addAll(ColumnNames.unique(resultColumns));
    List<Type> types = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      ParquetColumn column = ParquetColumn.of(names.get(i), resultColumns.get(i).type());
      columns.add(column);
      types.add(column.type());
    }
    file = new ParquetOutput(out, new MessageType("result", types));
  }

  @Override
  public void row(@Nullable Object[] values) throws IOException {
    ParquetOutput open = Objects.requireNonNull(file);
    RecordConsumer row = open.row();
    row.startMessage();
    for (int i = 0; i < values.length; i++) {
      ParquetColumn.writeField(row, names.get(i), i, columns.get(i), values[i]);
    }
    row.endMessage();
    open.endRow();
  }

  @Override
  public void end(QueryOutcome outcome) throws IOException {
    Objects.requireNonNull(file).finish(Map.of(RECEIPT_KEY, outcome.receipt().id()));
  }
}
