package io.watershed.query.format;

import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Aligned columns for a person. Widths come from the first {@value #SAMPLE_ROWS} rows, so that any
 * number of rows streams; a later, wider value shifts its line. Cells are cut at {@value
 * #MAX_CELL_CHARS} columns, or shorter where the line has a bound. Bytes that are UTF-8 are shown
 * as text.
 */
final class TableSink implements ResultSink {
  static final int SAMPLE_ROWS = 500;
  static final int MAX_CELL_CHARS = 80;
  private static final String SEPARATOR = " ".repeat(TableWidths.SEPARATOR);

  private final Writer writer;
  private final int lineColumns;
  private final List<String[]> sample = new ArrayList<>();
  private String[] headers = {};
  private boolean[] isNumber = {};
  private int[] widths = {};
  private boolean started;

  TableSink(Writer writer) {
    this(writer, Integer.MAX_VALUE);
  }

  /**
   * @param lineColumns no line is longer, so that a terminal does not wrap it
   */
  TableSink(Writer writer, int lineColumns) {
    this.writer = writer;
    this.lineColumns = lineColumns;
  }

  @Override
  public void begin(List<ResultColumn> columns) {
    headers = new String[columns.size()];
    isNumber = new boolean[columns.size()];
    widths = new int[columns.size()];
    for (int i = 0; i < headers.length; i++) {
      headers[i] = CellText.fit(columns.get(i).name(), MAX_CELL_CHARS);
      isNumber[i] = isNumberType(columns.get(i).type());
      widths[i] = CellText.width(headers[i]);
    }
  }

  private static boolean isNumberType(String type) {
    return type.endsWith("INT")
        || type.endsWith("INTEGER")
        || type.equals("DOUBLE")
        || type.equals("FLOAT")
        || type.equals("BIGNUM")
        || (type.startsWith("DECIMAL") && type.endsWith(")"));
  }

  @Override
  public void row(@Nullable Object[] values) throws IOException {
    String[] cells = new String[values.length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = cell(values[i]);
    }
    if (started) {
      writeLine(cells);
      return;
    }
    sample.add(cells);
    if (sample.size() == SAMPLE_ROWS) {
      start();
    }
  }

  @Override
  public void end(QueryOutcome outcome) throws IOException {
    start();
    writer.write(
        String.format(
            Locale.ROOT,
            "(%d %s, %.2f s)%n",
            outcome.rows(),
            outcome.rows() == 1 ? "row" : "rows",
            outcome.elapsed().toMillis() / 1000.0));
    if (widths.length < headers.length) {
      writer.write(
          String.format(
              Locale.ROOT,
              "(%d of %d columns fit: select fewer, or use -o csv)%n",
              widths.length,
              headers.length));
    }
    writer.write("receipt " + outcome.receipt().id() + System.lineSeparator());
    for (String notice : outcome.notices()) {
      writer.write("note: " + notice + System.lineSeparator());
    }
    writer.flush();
  }

  private void start() throws IOException {
    if (started) {
      return;
    }
    started = true;
    for (String[] cells : sample) {
      for (int i = 0; i < cells.length; i++) {
        widths[i] = Math.max(widths[i], CellText.width(cells[i]));
      }
    }
    widths = TableWidths.fit(widths, isNumber, lineColumns);
    writeLine(headers);
    String[] rules = new String[widths.length];
    for (int i = 0; i < rules.length; i++) {
      rules[i] = "-".repeat(widths[i]);
    }
    writeLine(rules);
    for (String[] cells : sample) {
      writeLine(cells);
    }
    sample.clear();
  }

  private void writeLine(String[] cells) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = isNumber[i] ? cells[i] : bounded(cells[i], widths[i]);
      String padding = " ".repeat(Math.max(0, widths[i] - CellText.width(cell)));
      line.append(i == 0 ? "" : SEPARATOR);
      line.append(isNumber[i] ? padding + cell : cell + padding);
    }
    writer.write(line.toString().stripTrailing());
    writer.write(System.lineSeparator());
  }

  private String bounded(String cell, int columns) {
    return lineColumns == Integer.MAX_VALUE ? cell : CellText.fit(cell, columns);
  }

  private static String cell(@Nullable Object value) {
    if (value == null) {
      return "NULL";
    }
    return CellText.fit(
        value instanceof byte[] bytes ? text(bytes) : PlainText.of(value), MAX_CELL_CHARS);
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return PlainText.of(bytes);
    }
  }
}
