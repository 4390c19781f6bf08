package io.watershed.query.format;

import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 4180 with a header. NULL is an empty field, an empty text a quoted one; bytes are base64,
 * lists and structs JSON.
 */
final class CsvSink implements ResultSink {
  private final Writer writer;

  CsvSink(Writer writer) {
    this.writer = writer;
  }

  @Override
  public void begin(List<ResultColumn> columns) throws IOException {
    for (int i = 0; i < columns.size(); i++) {
      separate(i);
      writeField(columns.get(i).name());
    }
    writer.write("\r\n");
  }

  @Override
  public void row(@Nullable Object[] values) throws IOException {
    for (int i = 0; i < values.length; i++) {
      separate(i);
      Object value = values[i];
      if (value != null) {
        writeField(PlainText.of(value));
      } else if (values.length == 1) {
        // An empty line would be no record at all for many readers.
        writer.write("\"\"");
      }
    }
    writer.write("\r\n");
  }

  private void separate(int field) throws IOException {
    if (field > 0) {
      writer.write(',');
    }
  }

  private void writeField(String text) throws IOException {
    if (!text.isEmpty() && text.chars().noneMatch(CsvSink::needsQuotes)) {
      writer.write(text);
      return;
    }
    writer.write('"');
    writer.write(text.replace("\"", "\"\""));
    writer.write('"');
  }

  private static boolean needsQuotes(int c) {
    return c == ',' || c == '"' || c == '\r' || c == '\n' || c == ' ';
  }

  @Override
  public void end(QueryOutcome outcome) throws IOException {
    writer.flush();
  }
}
